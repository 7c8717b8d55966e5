#pragma once

namespace edotb {

/// Memory [MB] that processes of this node can still take: what the machine has free, or the limit of
/// this process's control group (a container, a job of Slurm) where that is less.
[[nodiscard]] double available_megabytes();

}  // namespace edotb
