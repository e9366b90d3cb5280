"""One exception for a refused argument, one for a machine that cannot run kernels."""

class ArgumentError(ValueError):
    """An argument was refused. The text names it, the value seen, and the fix."""

class UnavailableError(RuntimeError):
    """No kernel can run here: no driver, no compiler, or none emitted for this device."""

def refuse(name: str, problem: str, fix: str) -> ArgumentError:
    return ArgumentError(f"{name}: {problem}. {fix}.")
