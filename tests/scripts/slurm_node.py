"""A Slurm of one node in a temporary folder, with a munge key, ports and a configuration of its own: for test_slurm.py.

It needs the programs of Debian's slurm-wlm and munge, but neither systemd nor control groups, nor any Slurm that the
machine may run besides."""
import ctypes
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "campaign"))
from durable import descendants  # noqa: E402

CONFIGURATION = """ClusterName=edotb
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
AuthType=auth/munge
CredType=cred/munge
# A job that is queued again waits for as long as its old credentials live: 120 s by default, 5 s at least.
AuthInfo=socket={folder}/munge.socket,cred_expire=5
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
TmpFS={folder}/tmp
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=pmix
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,batch_sched_delay=0,bf_interval=1
NodeName=node NodeHostname={host} NodeAddr=127.0.0.1 CPUs={n_cpus}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LIBC = ctypes.CDLL(None)


def program(name):
    """Where a daemon or command is; /usr/sbin is not in every user's PATH."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin")
    if not found:
        raise RuntimeError(f"there is no {name}: scripts/setup.sh --tests installs slurm-wlm and munge")
    return found


def free_ports(n_ports):
    sockets = [socket.socket() for _ in range(n_ports)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class Node:
    """Starts the daemons; `stop` ends them and every job, and removes the folder, whatever state they are in."""

    def __init__(self, n_cpus):
        self.folder = Path(tempfile.mkdtemp(prefix="edotb-slurm-"))
        self.daemons = []
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
        try:
            self.start(n_cpus)
        except BaseException:
            self.stop()
            raise

    def start(self, n_cpus):
        self.folder.chmod(0o755)  # munged insists
        for name in ("state", "spool", "tmp"):
            (self.folder / name).mkdir()
        key = self.folder / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(os.urandom(1024))
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, host=socket.gethostname().split(".")[0], ports=free_ports(2),
            user=getpass.getuser(), n_cpus=n_cpus))
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("SLURM", "SBATCH", "SRUN", "EDOTB"))}
        self.environment["SLURM_CONF"] = str(self.folder / "slurm.conf")

        self.daemon("munged", "--foreground", f"--key-file={key}", f"--socket={self.folder}/munge.socket",
                    f"--pid-file={self.folder}/munge.pid", f"--log-file={self.folder}/munge.log",
                    f"--seed-file={self.folder}/munge.seed")
        self.wait_until(lambda: (self.folder / "munge.socket").exists(), "munged opens no socket")
        self.daemon("slurmctld", "-D", "-c")
        self.daemon("slurmd", "-D", "-N", "node")
        self.wait_until(lambda: self.call("sinfo", "--noheader", "--format=%T", check=False) == "idle\n",
                        "the node does not come up")

    def daemon(self, name, *arguments):
        with open(self.folder / f"{name}.output", "w") as output:
            self.daemons.append(subprocess.Popen(
                [program(name), *arguments], env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)))

    def wait_until(self, condition, complaint, seconds=300):
        end = time.monotonic() + seconds
        while not condition():
            dead = [daemon.args[0] for daemon in self.daemons if daemon.poll() is not None]
            if dead or time.monotonic() > end:
                raise RuntimeError(f"{complaint}; daemons that ended: {dead}\n{self.logs()}")
            time.sleep(0.05)

    def logs(self):
        return "\n".join(f"==> {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-20:])
                         for path in sorted([*self.folder.glob("*.log"), *self.folder.glob("*.output")]))

    def call(self, name, *arguments, check=True, **environment):
        """What a Slurm command writes to standard output."""
        done = subprocess.run([program(name), *map(str, arguments)], env={**self.environment, **environment},
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"{name} {arguments} ended with {done.returncode}: {done.stdout}{done.stderr}\n{self.logs()}")
        return done.stdout

    def submit(self, *arguments, folder, **environment):
        """Number of the new job, which runs in `folder`."""
        return int(self.call("sbatch", "--parsable", f"--chdir={folder}", *arguments, **environment))

    def job(self, number, task=None):
        """What Slurm knows of a job, or of one task of an array, by the names of `scontrol show job`."""
        for line in self.call("scontrol", "show", "job", "--oneliner", number).splitlines():
            fields = dict(word.split("=", 1) for word in line.split() if "=" in word)
            if task is None or fields.get("ArrayTaskId") == str(task):
                return fields
        raise RuntimeError(f"Slurm knows no job {number}, task {task}")

    def wait_for_end(self, number, task=None, seconds=400):
        """The job's fields once it has ended for good."""
        ended = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY")
        self.wait_until(lambda: self.job(number, task)["JobState"] in ended, f"job {number} does not end", seconds)
        return self.job(number, task)

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        end = time.monotonic() + 5
        while any(daemon.poll() is None for daemon in self.daemons) and time.monotonic() < end:
            time.sleep(0.02)
        # Steps of jobs outlive slurmd. They are below this process, which has made itself the reaper of orphans.
        while left := descendants(os.getpid()):
            for pid, _ in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.02)
        for daemon in self.daemons:
            daemon.wait()
        shutil.rmtree(self.folder)
