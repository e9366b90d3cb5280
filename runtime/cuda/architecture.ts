/** The name to compile for: the plan's own where it names this capability (with its feature letter), else the plain one. */
export const architectureFor = (architectures: readonly string[], major: number, minor: number): string => {
  const plain = `sm_${major}${minor}`
  return architectures.find((a) => a === `${plain}a`) ?? plain
}
