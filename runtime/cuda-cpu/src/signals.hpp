#pragma once

namespace serrate {
/** A fault inside a kernel becomes a finding and ends its grid. */
void catch_faults();
/** Seconds a job may take before it is a finding too; 0 is no limit. */
void limit_time(unsigned seconds);
/** A kernel was torn away in the middle: the process's state is not to be trusted any more. */
bool faulted();
}  // namespace serrate
