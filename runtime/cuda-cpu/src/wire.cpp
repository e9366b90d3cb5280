#include "wire.hpp"
#include <unistd.h>
#include <cstdio>
#include <cstdlib>

namespace serrate {

const unsigned char* Reader::take(std::size_t size) {
  if (size > bytes_.size() - at_) {
    std::fputs("the request is shorter than it says\n", stderr);
    std::exit(2);
  }
  at_ += size;
  return bytes_.data() + at_ - size;
}

static bool read_all(int file, void* to, std::size_t size) {
  for (auto* at = static_cast<unsigned char*>(to); size;) {
    const ssize_t got = read(file, at, size);
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool read_message(int file, std::vector<unsigned char>& bytes) {
  std::uint64_t size;
  if (!read_all(file, &size, sizeof size)) return false;
  bytes.resize(size);
  return read_all(file, bytes.data(), size);
}

static void write_all(int file, const void* from, std::size_t size) {
  for (auto* at = static_cast<const unsigned char*>(from); size;) {
    const ssize_t put = write(file, at, size);
    if (put <= 0) std::exit(3);
    at += put;
    size -= static_cast<std::size_t>(put);
  }
}

void write_message(int file, const std::vector<unsigned char>& bytes) {
  const std::uint64_t size = bytes.size();
  write_all(file, &size, sizeof size);
  write_all(file, bytes.data(), bytes.size());
}

}  // namespace serrate
