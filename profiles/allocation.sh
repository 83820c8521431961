#!/usr/bin/env bash
# Runs Snakemake inside one allocation. This suits such short jobs best, because none of them waits in
# a queue. Call it from the folder of the Snakefile; options at the end are passed on to Snakemake:
#   Slurm  sbatch profiles/allocation.sh
#   LSF    bsub -n 16 -R "span[hosts=1]" -M 64GB -W 60 profiles/allocation.sh
#   SGE    qsub -cwd -pe smp 16 -l h_rt=1:0:0 profiles/allocation.sh
#   PBS    qsub -l select=1:ncpus=16:mem=64gb -l walltime=1:00:00 -- profiles/allocation.sh
# (Slurm reads lines for LSF and PBS too, and refuses them: only its own options are written here.)
# The jobs of the paper add up to about 26 minutes of one core. If the allocation ends too early or a job
# fails, call it again to finish the rest.
#SBATCH --job-name=spikeloc
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=16
#SBATCH --mem=64G
#SBATCH --time=01:00:00
#SBATCH --signal=B:TERM@300
set -euo pipefail
cd "${SLURM_SUBMIT_DIR:-${LS_SUBCWD:-${PBS_O_WORKDIR:-$PWD}}}"
cores=${SLURM_CPUS_PER_TASK:-${LSB_DJOB_NUMPROC:-${NSLOTS:-${NCPUS:-$(nproc)}}}}
if [ -n "${SLURM_MEM_PER_NODE:-}" ]; then set -- --resources "mem_mb=$SLURM_MEM_PER_NODE" "$@"; fi
if [ -d .venv ]; then PATH=$PWD/.venv/bin:$PATH; fi
# exec: so that the warning five minutes before the end reaches Snakemake, which then ends its jobs
exec snakemake --cores "$cores" "$@"
