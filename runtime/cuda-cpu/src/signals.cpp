#include "signals.hpp"
#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>
#include "findings.hpp"
#include "memory.hpp"

namespace serrate {

static char handler_stack[64 << 10], exit_stack[64 << 10];

static bool fault_seen;

bool faulted() { return fault_seen; }

static void alarm_after(unsigned seconds, unsigned microseconds) {
  itimerval timer{};
  timer.it_value.tv_sec = seconds;
  timer.it_value.tv_usec = microseconds;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

static const char* words_for(int signal) {
  if (signal == SIGSEGV || signal == SIGBUS) return "memory fault (a wild address, or more stack than a thread has)";
  if (signal == SIGFPE) return "integer division by zero";
  if (signal == SIGALRM) return "time limit: the kernel does not end";
  return "illegal instruction";
}

static void on_fault(int signal, siginfo_t*, void* context) {
  if (!machine.current) _exit(70);
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const Site site = site_of(reinterpret_cast<void*>(registers[REG_RIP] + 1));
  if (signal == SIGALRM && site == 0) return alarm_after(0, 1000);
  fault_seen = true;
  report("fault", site, static_cast<Site>(signal), std::string(words_for(signal)) + " at " + at(site) + " in " + who(machine.current->index));
  registers[REG_RIP] = reinterpret_cast<greg_t>(&abort_grid);
  registers[REG_RSP] = reinterpret_cast<greg_t>(exit_stack + sizeof exit_stack - 64) / 16 * 16 - 8;
}

void catch_faults() {
  stack_t stack{};
  stack.ss_sp = handler_stack;
  stack.ss_size = sizeof handler_stack;
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) sigaction(signal, &action, nullptr);
}

void limit_time(unsigned seconds) { alarm_after(seconds, 0); }

}  // namespace serrate
