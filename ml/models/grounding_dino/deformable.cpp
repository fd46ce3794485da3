// Multi-scale deformable attention on the processor: forward and backward (Zhu et al., 2021, equation 3).
// value (B, S, H, D), locations (B, Q, H, L, P, 2) relative x, y, weights (B, Q, H, L, P), shapes (L, 2) rows and columns; all contiguous.
#include <ATen/Parallel.h>
#include <torch/extension.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

struct Corner {
  int64_t row;   // of the value, or -1 outside the map
  float weight;  // bilinear
  float by_x, by_y;  // its derivatives by the location in px
};

inline void corners_of(float x, float y, int64_t start, int64_t height, int64_t width, Corner* corners) {
  const float px = x * width - 0.5f, py = y * height - 0.5f;
  const float left = std::floor(px), top = std::floor(py);
  const float fx = px - left, fy = py - top;
  for (int i = 0; i < 4; ++i) {
    const bool right = i & 1, below = i & 2;
    const float cx = left + right, cy = top + below;
    const float wx = right ? fx : 1 - fx, wy = below ? fy : 1 - fy;
    const bool inside = cx >= 0 && cy >= 0 && cx < width && cy < height;
    corners[i] = {inside ? start + int64_t(cy) * width + int64_t(cx) : -1, wx * wy, (right ? 1.f : -1.f) * wy,
                  (below ? 1.f : -1.f) * wx};
  }
}

}  // namespace

torch::Tensor forward(torch::Tensor value, torch::Tensor shapes, torch::Tensor locations, torch::Tensor weights) {
  const int64_t B = value.size(0), S = value.size(1), H = value.size(2), D = value.size(3);
  const int64_t Q = weights.size(1), L = weights.size(3), P = weights.size(4);
  auto out = torch::zeros({B, Q, H * D}, value.options());
  const float *v = value.data_ptr<float>(), *loc = locations.data_ptr<float>(), *w = weights.data_ptr<float>();
  const int64_t* size = shapes.data_ptr<int64_t>();
  float* o = out.data_ptr<float>();
  at::parallel_for(0, B * Q, 64, [&](int64_t first, int64_t last) {
    Corner corners[4];
    for (int64_t bq = first; bq < last; ++bq) {
      const float* image = v + bq / Q * S * H * D;
      for (int64_t h = 0; h < H; ++h) {
        float* sum = o + (bq * H + h) * D;
        int64_t start = 0, place = (bq * H + h) * L * P;
        for (int64_t l = 0; l < L; start += size[2 * l] * size[2 * l + 1], ++l)
          for (int64_t p = 0; p < P; ++p, ++place) {
            corners_of(loc[2 * place], loc[2 * place + 1], start, size[2 * l], size[2 * l + 1], corners);
            for (const Corner& c : corners) {
              if (c.row < 0) continue;
              const float* at = image + (c.row * H + h) * D;
              const float share = w[place] * c.weight;
              for (int64_t d = 0; d < D; ++d) sum[d] += share * at[d];
            }
          }
      }
    }
  });
  return out;
}

std::vector<torch::Tensor> backward(torch::Tensor value, torch::Tensor shapes, torch::Tensor locations, torch::Tensor weights,
                                    torch::Tensor grad) {
  const int64_t B = value.size(0), S = value.size(1), H = value.size(2), D = value.size(3);
  const int64_t Q = weights.size(1), L = weights.size(3), P = weights.size(4);
  auto grad_value = torch::zeros_like(value), grad_locations = torch::zeros_like(locations), grad_weights = torch::zeros_like(weights);
  const float *v = value.data_ptr<float>(), *loc = locations.data_ptr<float>(), *w = weights.data_ptr<float>(), *g = grad.data_ptr<float>();
  const int64_t* size = shapes.data_ptr<int64_t>();
  float *gv = grad_value.data_ptr<float>(), *gl = grad_locations.data_ptr<float>(), *gw = grad_weights.data_ptr<float>();
  // One head of one image a task: no two tasks write to the same value.
  at::parallel_for(0, B * H, 1, [&](int64_t first, int64_t last) {
    Corner corners[4];
    for (int64_t bh = first; bh < last; ++bh) {
      const int64_t b = bh / H, h = bh % H;
      for (int64_t q = 0; q < Q; ++q) {
        const int64_t row = (b * Q + q) * H + h;
        const float* from = g + row * D;
        int64_t start = 0, place = row * L * P;
        for (int64_t l = 0; l < L; start += size[2 * l] * size[2 * l + 1], ++l)
          for (int64_t p = 0; p < P; ++p, ++place) {
            corners_of(loc[2 * place], loc[2 * place + 1], start, size[2 * l], size[2 * l + 1], corners);
            float by_weight = 0, by_x = 0, by_y = 0;
            for (const Corner& c : corners) {
              if (c.row < 0) continue;
              const int64_t offset = ((b * S + c.row) * H + h) * D;
              const float share = w[place] * c.weight;
              float dot = 0;
              for (int64_t d = 0; d < D; ++d) dot += from[d] * v[offset + d];
              for (int64_t d = 0; d < D; ++d) gv[offset + d] += share * from[d];
              by_weight += c.weight * dot;
              by_x += c.by_x * dot;
              by_y += c.by_y * dot;
            }
            gw[place] = by_weight;
            gl[2 * place] = w[place] * by_x * size[2 * l + 1];
            gl[2 * place + 1] = w[place] * by_y * size[2 * l];
          }
      }
    }
  });
  return {grad_value, grad_locations, grad_weights};
}

// For inference: softmax of `logits` (B, Q, H, L P) and locations `references` (B, Q, L, 2) + `offsets` (B, Q, H, L, P, 2) * `steps` (B, Q, L, 2) are
// made on the way, so that neither is ever written out.
torch::Tensor sample(torch::Tensor value, torch::Tensor shapes, torch::Tensor references, torch::Tensor steps, torch::Tensor offsets,
                     torch::Tensor logits) {
  const int64_t B = value.size(0), S = value.size(1), H = value.size(2), D = value.size(3);
  const int64_t Q = offsets.size(1), L = offsets.size(3), P = offsets.size(4);
  auto out = torch::zeros({B, Q, H * D}, value.options());
  const float *v = value.data_ptr<float>(), *ref = references.data_ptr<float>(), *step = steps.data_ptr<float>();
  const float *off = offsets.data_ptr<float>(), *raw = logits.data_ptr<float>();
  const int64_t* size = shapes.data_ptr<int64_t>();
  float* o = out.data_ptr<float>();
  at::parallel_for(0, B * Q, 64, [&](int64_t first, int64_t last) {
    Corner corners[4];
    std::vector<float> share(L * P);
    for (int64_t bq = first; bq < last; ++bq) {
      const float* image = v + bq / Q * S * H * D;
      for (int64_t h = 0; h < H; ++h) {
        const float* scores = raw + (bq * H + h) * L * P;
        const float highest = *std::max_element(scores, scores + L * P);
        float total = 0;
        for (int64_t i = 0; i < L * P; ++i) total += share[i] = std::exp(scores[i] - highest);
        float* sum = o + (bq * H + h) * D;
        int64_t start = 0, place = 0;
        for (int64_t l = 0; l < L; start += size[2 * l] * size[2 * l + 1], ++l)
          for (int64_t p = 0; p < P; ++p, ++place) {
            const float* moved = off + ((bq * H + h) * L * P + place) * 2;
            const float x = ref[(bq * L + l) * 2] + moved[0] * step[(bq * L + l) * 2];
            const float y = ref[(bq * L + l) * 2 + 1] + moved[1] * step[(bq * L + l) * 2 + 1];
            corners_of(x, y, start, size[2 * l], size[2 * l + 1], corners);
            for (const Corner& c : corners) {
              if (c.row < 0) continue;
              const float* at = image + (c.row * H + h) * D;
              const float part = share[place] / total * c.weight;
              for (int64_t d = 0; d < D; ++d) sum[d] += part * at[d];
            }
          }
      }
    }
  });
  return out;
}

PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("forward", &forward);
  m.def("backward", &backward);
  m.def("sample", &sample);
}
