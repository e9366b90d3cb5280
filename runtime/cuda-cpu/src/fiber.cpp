#include <sys/mman.h>
#include <cstdlib>
#include "machine.hpp"

#if !defined(__x86_64__)
#error "CUDA on the CPU switches stacks by hand and knows x86-64 only"
#endif

uint3 serrate_thread_index asm("serrate_thread_index"), serrate_block_index asm("serrate_block_index");
uint3 serrate_block_dim asm("serrate_block_dim"), serrate_grid_dim asm("serrate_grid_dim");

extern "C" void serrate_switch(void** save, void* load);
asm(R"(
.text
.globl serrate_switch
.type serrate_switch, @function
serrate_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size serrate_switch, .-serrate_switch
)");

namespace serrate {

Machine machine;

constexpr std::size_t kGuardBytes = 4096;

void allocate_stacks(BlockState& block) {
  const std::size_t stride = kStackBytes + kGuardBytes;
  void* area = mmap(nullptr, stride * kMaxThreads, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (area == MAP_FAILED) std::abort();
  for (int i = 0; i < kMaxThreads; ++i) {
    char* stack = static_cast<char*>(area) + stride * i + kGuardBytes;
    if (mprotect(stack, kStackBytes, PROT_READ | PROT_WRITE) != 0) std::abort();
    block.fibers[i].stack = stack;
    block.fibers[i].index = static_cast<std::uint32_t>(i);
  }
}

static void fiber_main() {
  machine.call(machine.argument);
  retire_current();
  __builtin_unreachable();
}

void prepare_fiber(Fiber& fiber) {
  void** top = reinterpret_cast<void**>(fiber.stack + kStackBytes - 16);
  *top = reinterpret_cast<void*>(fiber_main);
  fiber.stack_pointer = top - 6;
  fiber.wait = Wait::ready;
  fiber.op = Op::none;
  fiber.arrived = false;
}

static void enter(Fiber& fiber) {
  machine.current = &fiber;
  machine.current_stack = fiber.stack;
  serrate_thread_index.x = fiber.index;
}

void switch_to(Fiber& next) {
  Fiber* self = machine.current;
  if (self == &next) return;
  enter(next);
  serrate_switch(&self->stack_pointer, next.stack_pointer);
}

void leave_to_host() {
  void* unused;
  machine.current = nullptr;
  machine.current_stack = nullptr;
  serrate_switch(&unused, machine.host_stack_pointer);
}

void pause_block() {
  Fiber* self = machine.current;
  machine.current = nullptr;
  machine.current_stack = nullptr;
  serrate_switch(&self->stack_pointer, machine.host_stack_pointer);
}

void start_first(Fiber& first) {
  enter(first);
  serrate_switch(&machine.host_stack_pointer, first.stack_pointer);
}

void abort_grid() {
  machine.aborted = true;
  leave_to_host();
  __builtin_unreachable();
}

}  // namespace serrate
