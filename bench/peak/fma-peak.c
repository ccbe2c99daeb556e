/* Greatest rate of f32 multiply-adds in registers, and of copies in memory: one thread a core, for so many milliseconds.
   Prints JSON: wall and CPU rates in GFLOP/s (CPU: per CPU-second, times threads) and copied GB/s (bytes read + written). */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__AVX2__)
typedef float vec __attribute__((vector_size(32)));
#else
typedef float vec __attribute__((vector_size(16)));
#endif
#define LANES ((double)(sizeof(vec) / sizeof(float)))
#define BLOCK 4096
#define COPY ((size_t)32 << 20)

struct job {
  double milliseconds, flop, wall, cpu;
  volatile float sink;
};

static double now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *multiply(void *argument) {
  struct job *job = argument;
  vec m = {0}, a0 = {0};
  m += 0.999f;
  a0 += 0.5f;
  vec c = m * 0.001f;
  vec a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, a8 = a0, a9 = a0, a10 = a0, a11 = a0;
  double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_THREAD_CPUTIME_ID);
  long blocks = 0;
  while (now(CLOCK_MONOTONIC) - wall < job->milliseconds / 1000) {
    for (int i = 0; i < BLOCK; i++) {
      a0 = a0 * m + c; a1 = a1 * m + c; a2 = a2 * m + c; a3 = a3 * m + c;
      a4 = a4 * m + c; a5 = a5 * m + c; a6 = a6 * m + c; a7 = a7 * m + c;
      a8 = a8 * m + c; a9 = a9 * m + c; a10 = a10 * m + c; a11 = a11 * m + c;
#if defined(__x86_64__)
      /* Else the compiler sees that all twelve are equal. */
      __asm__ volatile("" : "+x"(a0), "+x"(a1), "+x"(a2), "+x"(a3), "+x"(a4), "+x"(a5));
      __asm__ volatile("" : "+x"(a6), "+x"(a7), "+x"(a8), "+x"(a9), "+x"(a10), "+x"(a11));
#elif defined(__aarch64__)
      __asm__ volatile("" : "+w"(a0), "+w"(a1), "+w"(a2), "+w"(a3), "+w"(a4), "+w"(a5));
      __asm__ volatile("" : "+w"(a6), "+w"(a7), "+w"(a8), "+w"(a9), "+w"(a10), "+w"(a11));
#endif
    }
    blocks++;
  }
  job->wall = now(CLOCK_MONOTONIC) - wall;
  job->cpu = now(CLOCK_THREAD_CPUTIME_ID) - cpu;
  job->flop = (double)blocks * BLOCK * 12 * 2 * LANES;
  vec sum = a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11;
  job->sink = sum[0];
  return NULL;
}

static double copyRate(double milliseconds) {
  char *from = malloc(COPY), *to = malloc(COPY);
  if (!from || !to) return 0;
  memset(from, 1, COPY);
  memset(to, 2, COPY);
  double start = now(CLOCK_MONOTONIC), best = 0;
  while (now(CLOCK_MONOTONIC) - start < milliseconds / 1000) {
    double begin = now(CLOCK_MONOTONIC);
    memcpy(to, from, COPY);
    __asm__ volatile("" : : "r"(to) : "memory");
    double rate = 2.0 * (double)COPY / (now(CLOCK_MONOTONIC) - begin) / 1e9;
    if (rate > best) best = rate;
  }
  free(from);
  free(to);
  return best;
}

int main(int count, char **values) {
  int threads = count > 1 ? atoi(values[1]) : 1;
  double milliseconds = count > 2 ? atof(values[2]) : 100;
  if (threads < 1 || threads > 1024) return 1;
  struct job *jobs = calloc((size_t)threads, sizeof *jobs);
  pthread_t *handles = calloc((size_t)threads, sizeof *handles);
  double wall = 0, cpu = 0, flop = 0;
  for (int i = 0; i < threads; i++) {
    jobs[i].milliseconds = milliseconds;
    if (pthread_create(&handles[i], NULL, multiply, &jobs[i])) return 1;
  }
  for (int i = 0; i < threads; i++) {
    pthread_join(handles[i], NULL);
    flop += jobs[i].flop;
    cpu += jobs[i].cpu;
    if (jobs[i].wall > wall) wall = jobs[i].wall;
  }
  printf("{\"wall\":%g,\"cpu\":%g,\"copy\":%g}\n", flop / wall / 1e9, flop / cpu * threads / 1e9, copyRate(milliseconds));
  return 0;
}
