"""Child process of the bench: workloads on PyTorch. `main.py [DEVICE [TYPE]]`: `cpu` or `cuda`; `f32`, `tf32`, `f16` or
`bf16`. A request a line on stdin, a reply a line on descriptor 3."""
import json
import os
import resource
import sys
import time

import torch

import works

torch.set_num_threads(len(os.sched_getaffinity(0)))
DEVICE, TYPE = (sys.argv[1:] + ["cpu", "f32"][len(sys.argv) - 1 :])[:2]
works.PLACE["device"] = DEVICE
works.PLACE["type"] = {"f16": torch.float16, "bf16": torch.bfloat16}.get(TYPE, torch.float32)
torch.backends.cuda.matmul.allow_tf32 = TYPE == "tf32"
torch.backends.cudnn.allow_tf32 = TYPE == "tf32"
replies = os.fdopen(3, "w", buffering=1)
ready = None


def status(field):
    """Bytes of a line of /proc/self/status; 0 where there is no such file."""
    try:
        with open("/proc/self/status") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))
    except (OSError, StopIteration):
        return 0


def forget_peak():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def wait():
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def cpu_milliseconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (usage.ru_utime + usage.ru_stime)


def answer(request):
    global ready
    task = request["do"]
    if task == "open":
        if DEVICE == "cuda" and not torch.cuda.is_available():
            raise RuntimeError(f"torch {torch.__version__} sees no CUDA device")
        return {"version": torch.__version__, "threads": torch.get_num_threads()}
    if task == "prepare":
        ready = None
        base = status("VmRSS")
        start = time.perf_counter()
        ready = works.make(request["work"], request.get("folder"))
        if ready is None:
            return {"cannot": True}
        check = ready.check()
        started = 1000 * (time.perf_counter() - start)
        forget_peak()
        if DEVICE == "cuda":
            torch.cuda.reset_peak_memory_stats()
        ready.run()
        wait()
        peak = torch.cuda.max_memory_allocated() if DEVICE == "cuda" else status("VmHWM") - base
        return {"check": check, "start": started, "peak": peak}
    if task == "run":
        cpu, start = cpu_milliseconds(), time.perf_counter()
        for _ in range(request["times"]):
            ready.run()
        wait()
        wall = 1000 * (time.perf_counter() - start) / request["times"]
        return {"wall": wall, "cpu": (cpu_milliseconds() - cpu) / request["times"]}
    ready = None
    return {}


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:
        reply = {"error": f"{type(error).__name__}: {error}"[:500]}
    replies.write(json.dumps(reply) + "\n")
