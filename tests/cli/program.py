"""Runs the program edotb, alone or under mpirun, for the tests beside this file.

The environment variables EDOTB and MPIRUN name the two; ctest sets them.
"""
import os
import signal
import subprocess
import types

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
EDOTB = os.environ.get("EDOTB", os.path.join(ROOT, "build", "edotb"))
MPIRUN = os.environ.get("MPIRUN", os.path.join(ROOT, "scripts", "mpirun.sh"))
BAD_INPUT = 2

# What a user must never see: the program is to say itself what is wrong.
NOISE = ("terminate called", "what():", "std::", "Segmentation fault", "signal ", "Traceback", "MPI_ABORT",
         "HDF5-DIAG", "PETSC ERROR", "yaml-cpp", "internal error")


def run(*arguments, ranks=1, cwd=None, timeout=300):
    """Runs edotb, under mpirun when `ranks` is above 1. Returns code, out and err; code is None when it was
    still running after `timeout` seconds, and it is killed with all its ranks then."""
    command = [EDOTB, *arguments]
    if ranks > 1:
        command = [MPIRUN, "-n", str(ranks), *command]
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1")
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = process.communicate(timeout=timeout)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        code = None
    return types.SimpleNamespace(code=code, out=out.decode(errors="replace"), err=err.decode(errors="replace"))


def check_refusal(test, result, expected, once=False):
    """Checks that the program refused its input: exit status 2, every expected line, and no noise."""
    test.assertIsNotNone(result.code, "the program hangs")
    test.assertEqual(result.code, BAD_INPUT, result.err)
    for line in expected:
        test.assertIn(line, result.err)
        if once:
            test.assertEqual(result.err.count(line), 1, f"not said once: {line}\n{result.err}")
    for noise in NOISE:
        test.assertNotIn(noise, result.err)
