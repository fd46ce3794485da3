// Matrix products of fp32 numbers on AMX, which multiplies bf16 alone: x = xh + xl and w = wh + wl, each part in bf16, and
// x w = xh wh + xl wh + xh wl, summed in fp32. What is left out, xl wl, is 2^-16 of the product. For inference on one kind of processor.
#include <ATen/Parallel.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <torch/extension.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace {

constexpr int64_t SIDE = 32;             // rows or columns of a block of the result: two tiles by two
constexpr int64_t TILE = 16 * 32;        // bf16 numbers of a tile
constexpr int64_t STEP = 4 * TILE;       // both parts of a block, 32 numbers deep: high, high, low, low
constexpr int64_t ROWS = 256;            // of the input at a time, so that what is packed stays in the second cache
constexpr int64_t DEPTH = 512;           // and so deep
constexpr int64_t HIDDEN = 256;          // columns of a feed-forward block's middle at a time
enum Activation { NONE = 0, RELU = 1, GELU = 2 };

using Packed = uint16_t;

int64_t up(int64_t count, int64_t to) { return (count + to - 1) / to; }

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};
template <typename T>
using Buffer = std::unique_ptr<T[], Free>;
template <typename T>
Buffer<T> buffer(int64_t count) {
  return Buffer<T>(static_cast<T*>(std::aligned_alloc(64, up(count * sizeof(T), 64) * 64)));
}

inline void split(__m512 x, __m256i* high, __m256i* low) {
  const __m256i top = (__m256i)_mm512_cvtneps_pbh(x);
  const __m512 rounded = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(top), 16));
  *high = top;
  *low = (__m256i)_mm512_cvtneps_pbh(_mm512_sub_ps(x, rounded));
}

// Rows of x (count, depth) as blocks of 32 by 32, each part in its own tiles; what is missing is zero.
void pack_rows(const float* x, int64_t stride, int64_t count, int64_t depth, Packed* to) {
  const int64_t steps = up(depth, 32);
  for (int64_t row = 0; row < up(count, SIDE) * SIDE; ++row) {
    Packed* place = to + row / SIDE * steps * STEP + row % SIDE / 16 * TILE + row % 16 * 32;
    for (int64_t k = 0; k < steps * 32; k += 16) {
      const int64_t here = row < count ? std::clamp<int64_t>(depth - k, 0, 16) : 0;
      const __m512 values = _mm512_maskz_loadu_ps(__mmask16((1u << here) - 1), x + row * stride + k);
      __m256i high, low;
      split(values, &high, &low);
      Packed* at = place + k / 32 * STEP + k % 32;
      _mm256_store_si256((__m256i*)at, high);
      _mm256_store_si256((__m256i*)(at + 2 * TILE), low);
    }
  }
}

struct Tiles {  // the configuration of this thread's tiles, for as long as it lives
  Tiles() {
    struct alignas(64) {
      uint8_t palette = 1, start = 0, reserved[14] = {};
      uint16_t bytes[16] = {};
      uint8_t rows[16] = {};
    } config;
    for (int i = 0; i < 8; ++i) config.bytes[i] = 64, config.rows[i] = 16;
    _tile_loadconfig(&config);
  }
  ~Tiles() { _tile_release(); }
};

// sum (32, 32) += a (32, 32 steps) b (32 steps, 32), all three products of parts.
inline void multiply(const Packed* a, const Packed* b, int64_t steps, float* sum, int64_t stride, bool anew) {
  const int64_t bytes = stride * sizeof(float);
  asm volatile("" ::: "memory");  // gcc's loads of tiles do not say that they read memory
  if (anew) {
    _tile_zero(0); _tile_zero(1); _tile_zero(2); _tile_zero(3);
  } else {
    _tile_loadd(0, sum, bytes); _tile_loadd(1, sum + 16, bytes);
    _tile_loadd(2, sum + 16 * stride, bytes); _tile_loadd(3, sum + 16 * stride + 16, bytes);
  }
  for (int64_t k = 0; k < steps; ++k, a += STEP, b += STEP) {
    _tile_loadd(4, a + 2 * TILE, 64); _tile_loadd(5, a + 3 * TILE, 64);
    _tile_loadd(6, b, 64); _tile_loadd(7, b + TILE, 64);
    _tile_dpbf16ps(0, 4, 6); _tile_dpbf16ps(1, 4, 7); _tile_dpbf16ps(2, 5, 6); _tile_dpbf16ps(3, 5, 7);
    _tile_loadd(4, a, 64); _tile_loadd(5, a + TILE, 64);
    _tile_dpbf16ps(0, 4, 6); _tile_dpbf16ps(1, 4, 7); _tile_dpbf16ps(2, 5, 6); _tile_dpbf16ps(3, 5, 7);
    _tile_loadd(6, b + 2 * TILE, 64); _tile_loadd(7, b + 3 * TILE, 64);
    _tile_dpbf16ps(0, 4, 6); _tile_dpbf16ps(1, 4, 7); _tile_dpbf16ps(2, 5, 6); _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, sum, bytes); _tile_stored(1, sum + 16, bytes);
  _tile_stored(2, sum + 16 * stride, bytes); _tile_stored(3, sum + 16 * stride + 16, bytes);
}

inline void gelu(float* x, int64_t count) {  // erf by Abramowitz and Stegun 7.1.26: 1.5e-7, as torch's own vector code
  for (int64_t i = 0; i < count; ++i) {
    const float z = std::fabs(x[i]) * 0.70710678f, t = 1 / (1 + 0.3275911f * z);
    const float p = t * (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
    const float erf = 1 - p * std::exp(-z * z);
    x[i] = 0.5f * x[i] * (1 + (x[i] < 0 ? -erf : erf));
  }
}

// Bias and activation of a block (32, 32) of which columns `first` on are wanted.
inline void finish(float* block, const float* bias, int64_t columns, Activation activation) {
  if (bias)
    for (int64_t row = 0; row < SIDE; ++row)
      for (int64_t c = 0; c < columns; ++c) block[row * SIDE + c] += bias[c];
  if (activation == RELU)
    for (int64_t i = 0; i < SIDE * SIDE; ++i) block[i] = std::max(block[i], 0.f);
  if (activation == GELU) gelu(block, SIDE * SIDE);
}

const float* of(const torch::Tensor& part) { return part.defined() && part.numel() ? part.data_ptr<float>() : nullptr; }

const Packed* of_weights(const torch::Tensor& part) { return reinterpret_cast<const Packed*>(part.data_ptr<int16_t>()); }

}  // namespace

bool permitted() { return syscall(SYS_arch_prctl, 0x1023, 18) == 0; }  // ARCH_REQ_XCOMP_PERM, XTILEDATA

// weight (N, K) -> blocks of 32 columns, 32 numbers deep, whose pairs of numbers lie side by side as AMX wants them.
torch::Tensor pack(torch::Tensor weight) {
  const int64_t N = weight.size(0), K = weight.size(1), steps = up(K, 32);
  auto packed = torch::zeros({up(N, SIDE) * steps * STEP}, torch::kInt16);
  const float* w = weight.data_ptr<float>();
  Packed* to = reinterpret_cast<Packed*>(packed.data_ptr<int16_t>());
  for (int64_t n = 0; n < N; ++n)
    for (int64_t k = 0; k < K; ++k) {
      const at::BFloat16 high(w[n * K + k]), low(w[n * K + k] - float(high));
      Packed* at = to + (n / SIDE * steps + k / 32) * STEP + n % SIDE / 16 * TILE + k % 32 / 2 * 32 + n % 16 * 2 + k % 2;
      at[0] = high.x, at[2 * TILE] = low.x;
    }
  return packed;
}

// x (M, K) times packed weights, plus bias (N) or none: (M, N).
torch::Tensor linear(torch::Tensor x, torch::Tensor packed, torch::Tensor bias, int64_t N, int64_t activation) {
  const int64_t M = x.size(0), K = x.size(1), steps = up(K, 32), chunk = DEPTH / 32;
  auto out = torch::empty({M, N}, x.options());
  const float *from = x.data_ptr<float>(), *b = of(bias);
  const Packed* w = of_weights(packed);
  float* to = out.data_ptr<float>();
  at::parallel_for(0, up(M, ROWS), 1, [&](int64_t first, int64_t last) {
    const Tiles tiles;
    const bool whole = steps <= chunk;
    auto rows = buffer<Packed>(ROWS / SIDE * std::min(steps, chunk) * STEP);
    auto sums = buffer<float>(whole ? SIDE * SIDE : ROWS * up(N, SIDE) * SIDE);
    for (int64_t part = first; part < last; ++part) {
      const int64_t begin = part * ROWS, count = std::min(ROWS, M - begin), blocks = up(count, SIDE);
      for (int64_t k = 0; k < steps; k += chunk) {
        const int64_t deep = std::min(chunk, steps - k);
        pack_rows(from + begin * K + k * 32, K, count, std::min(K - k * 32, deep * 32), rows.get());
        for (int64_t n = 0; n < up(N, SIDE); ++n)
          for (int64_t m = 0; m < blocks; ++m) {
            float* block = sums.get() + (whole ? 0 : (n * ROWS / SIDE + m) * SIDE * SIDE);
            multiply(rows.get() + m * deep * STEP, w + (n * steps + k) * STEP, deep, block, SIDE, k == 0);
            if (k + deep < steps) continue;
            const int64_t columns = std::min(SIDE, N - n * SIDE);
            finish(block, b ? b + n * SIDE : nullptr, columns, Activation(activation));
            for (int64_t row = 0; row < std::min(SIDE, count - m * SIDE); ++row)
              std::memcpy(to + (begin + m * SIDE + row) * N + n * SIDE, block + row * SIDE, columns * sizeof(float));
          }
      }
    }
  });
  return out;
}

// second(activation(first(x))) of x (M, K): (M, N), the middle (M, H) never whole.
torch::Tensor feed_forward(torch::Tensor x, torch::Tensor first_packed, torch::Tensor first_bias, int64_t H, int64_t activation,
                           torch::Tensor second_packed, torch::Tensor second_bias, int64_t N) {
  const int64_t M = x.size(0), K = x.size(1), steps = up(K, 32), middle_steps = up(H, 32), wide = up(N, SIDE);
  auto out = torch::empty({M, N}, x.options());
  const float *from = x.data_ptr<float>(), *b1 = of(first_bias), *b2 = of(second_bias);
  const Packed *w1 = of_weights(first_packed), *w2 = of_weights(second_packed);
  float* to = out.data_ptr<float>();
  at::parallel_for(0, up(M, ROWS), 1, [&](int64_t begin_part, int64_t end_part) {
    const Tiles tiles;
    auto rows = buffer<Packed>(ROWS / SIDE * steps * STEP), middle = buffer<Packed>(ROWS / SIDE * HIDDEN / 32 * STEP);
    auto sums = buffer<float>(ROWS * wide * SIDE), block = buffer<float>(SIDE * SIDE);
    for (int64_t part = begin_part; part < end_part; ++part) {
      const int64_t begin = part * ROWS, count = std::min(ROWS, M - begin), blocks = up(count, SIDE);
      pack_rows(from + begin * K, K, count, K, rows.get());
      for (int64_t h = 0; h < middle_steps; h += HIDDEN / 32) {
        const int64_t deep = std::min(HIDDEN / 32, middle_steps - h);
        for (int64_t n = 0; n < deep; ++n)
          for (int64_t m = 0; m < blocks; ++m) {
            multiply(rows.get() + m * steps * STEP, w1 + (h + n) * steps * STEP, steps, block.get(), SIDE, true);
            const int64_t columns = std::min(SIDE, H - (h + n) * SIDE);
            finish(block.get(), b1 ? b1 + (h + n) * SIDE : nullptr, columns, Activation(activation));
            pack_rows(block.get(), SIDE, SIDE, SIDE, middle.get() + (m * deep + n) * STEP);
          }
        for (int64_t n = 0; n < wide; ++n)
          for (int64_t m = 0; m < blocks; ++m)
            multiply(middle.get() + m * deep * STEP, w2 + (n * middle_steps + h) * STEP, deep,
                     sums.get() + (n * ROWS / SIDE + m) * SIDE * SIDE, SIDE, h == 0);
      }
      for (int64_t n = 0; n < wide; ++n)
        for (int64_t m = 0; m < blocks; ++m) {
          float* done = sums.get() + (n * ROWS / SIDE + m) * SIDE * SIDE;
          const int64_t columns = std::min(SIDE, N - n * SIDE);
          finish(done, b2 ? b2 + n * SIDE : nullptr, columns, NONE);
          for (int64_t row = 0; row < std::min(SIDE, count - m * SIDE); ++row)
            std::memcpy(to + (begin + m * SIDE + row) * N + n * SIDE, done + row * SIDE, columns * sizeof(float));
        }
    }
  });
  return out;
}

PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("permitted", &permitted);
  m.def("pack", &pack);
  m.def("linear", &linear);
  m.def("feed_forward", &feed_forward);
}
