// Requests and replies: little-endian, a u64 length and then the bytes.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace serrate {

class Reader {
 public:
  explicit Reader(const std::vector<unsigned char>& bytes) : bytes_(bytes) {}
  template <class T> T get() {
    T value;
    std::memcpy(&value, take(sizeof value), sizeof value);
    return value;
  }
  std::string text() {
    const auto size = get<std::uint32_t>();
    return {reinterpret_cast<const char*>(take(size)), size};
  }
  const unsigned char* take(std::size_t size);

 private:
  const std::vector<unsigned char>& bytes_;
  std::size_t at_ = 0;
};

class Writer {
 public:
  template <class T> void put(T value) { append(&value, sizeof value); }
  void text(const std::string& value) {
    put(static_cast<std::uint32_t>(value.size()));
    append(value.data(), value.size());
  }
  void append(const void* from, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(from);
    bytes_.insert(bytes_.end(), bytes, bytes + size);
  }
  const std::vector<unsigned char>& bytes() const { return bytes_; }

 private:
  std::vector<unsigned char> bytes_;
};

/** False at the end of the input. */
bool read_message(int file, std::vector<unsigned char>& bytes);
void write_message(int file, const std::vector<unsigned char>& bytes);

}  // namespace serrate
