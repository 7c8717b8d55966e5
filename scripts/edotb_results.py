"""Reads an edotb results file (results.h5) and computes the averages that plot.py and report.py show.

Axes of every array: F fields, A angles, E energies, R realisations, P leads; transmission[..., p, q] leads from lead q into lead p.

Conductance of a two-lead sample, in e^2/h:            G = transmission[1][0]   (lead 0 source, lead 1 drain)
Mean and standard error over the n usable realisations: <G> = sum_r G_r / n,  error = s / sqrt(n),  s^2 = sum_r (G_r - <G>)^2 / (n - 1)
Paired difference (same realisation r in both fields):  D_r = G_r(B) - G_r(B0);  its mean and standard error as above, so that what the
                                                        disorder of one realisation adds to both numbers drops out
Relative change q = <D> / <G(B0)>, over the same pairs: error = standard error of (D_r - q G_r(B0)) / <G(B0)>   (first order in the errors)

A point is usable when its bytes fit its checksum, its status says solved (1) or re-solved (2) and all its numbers are finite. Nothing is
filled in for the others.
"""
import importlib
import json
import os
import sys
import zlib
from dataclasses import dataclass


def require(module, package):
    """The imported module, or one line that names the Debian package to install (exit 2)."""
    try:
        return importlib.import_module(module)
    except ImportError:
        sys.exit(f"{os.path.basename(sys.argv[0])}: {sys.executable} has no Python module {module}; "
                 f"install it with: apt-get install {package} (it belongs to /usr/bin/python3)")


np = require("numpy", "python3-numpy")
h5py = require("h5py", "python3-h5py")

DAMAGED, NOT_COMPUTED, SOLVED, RE_SOLVED, FAILED = -1, 0, 1, 2, 3
TEXT_ATTRIBUTES = ("title", "deck", "expanded_deck", "units", "version", "git_hash", "library_versions", "host", "start", "end", "axis")
MINUS = "\N{MINUS SIGN}"
SMALLEST_SHOWN = 1e-6
LONG_LIST = 12

# 95.45 % quantiles of Student's t for 1 to 10 degrees of freedom: JCGM 100:2008 (GUM), table G.2.
STUDENT_95_45 = (13.97, 4.53, 3.31, 2.87, 2.65, 2.52, 2.43, 2.37, 2.32, 2.28)


class ResultsError(Exception):
    """A results file that cannot be read or does not keep the contract."""


@dataclass
class Results:
    path: str
    field: np.ndarray            # (F)
    angle: np.ndarray            # (A) degrees from the current
    energy: np.ndarray           # (E)
    realisation: np.ndarray      # (R)
    transmission: np.ndarray     # (F, A, E, R, P, P), NaN where the point is not usable
    modes: np.ndarray            # (F, A, E, R, P) float, NaN where the point is not usable
    unitarity_error: np.ndarray  # (F, A, E, R), NaN where the point is not usable
    seconds: np.ndarray          # (F, A, E, R)
    status: np.ndarray           # (F, A, E, R), DAMAGED where the checksum does not fit
    usable: np.ndarray           # (F, A, E, R) bool
    flux: np.ndarray             # (F, A, 3) radians
    field_unit: str
    energy_unit: str
    attributes: dict             # text of TEXT_ATTRIBUTES ("" when absent), and ints ranks, seed (None when absent)

    @property
    def leads(self):
        return self.transmission.shape[-1]

    @property
    def title(self):
        return " ".join(self.attributes["title"].split()) or os.path.basename(self.path)

    @property
    def is_bar(self):
        """A sample between lead 0 and lead 1 with field and angle of its own: not one with more leads, nor a ready-made system."""
        return self.leads == 2 and bool(self.attributes["axis"])

    @property
    def conductance(self):
        """G (F, A, E, R) of a two-lead sample."""
        return self.transmission[..., 1, 0]

    @property
    def reference_field(self):
        """Index of the field nearest to zero."""
        return int(np.argmin(np.abs(self.field)))

    @property
    def zero_field(self):
        """Index of field 0, or None when it is not in the sweep."""
        index = self.reference_field
        return index if abs(self.field[index]) <= 1e-9 * np.abs(self.field).max() else None

    @property
    def highest_field(self):
        """Index of the field farthest from zero; of two that are equally far, the positive one."""
        return int(np.lexsort((self.field, np.abs(self.field)))[-1])

    @property
    def not_needed(self):
        """Points that an ensemble with a target did without: those that a run which came to its end did not compute."""
        return self.count(NOT_COMPUTED) if self.attributes["end"] else 0

    @property
    def left_out(self):
        return int(self.usable.size - self.usable.sum()) - self.not_needed

    @property
    def needed(self):
        """The fewest and the most realisations that a point needed."""
        if not self.not_needed:
            return len(self.realisation), len(self.realisation)
        needed = (self.status != NOT_COMPUTED).sum(axis=-1)
        return int(needed.min()), int(needed.max())

    @property
    def realisations_text(self):
        """'8 realisations', or '16 to 54 realisations' of points that needed different numbers."""
        fewest, most = self.needed
        return plural(most, "realisation") if fewest == most else f"{fewest} to {plural(most, 'realisation')}"

    @property
    def rounding(self):
        """Differences of G below this are rounding: ten times the largest unitarity error, at least 1e-9."""
        return max(1e-9, 10 * np.nanmax(self.unitarity_error)) if self.usable.any() else 1e-9

    def count(self, status):
        return int((self.status == status).sum())


# ---------------------------------------------------------------------------------------------------------------- reading

def _text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _attributes(file):
    attributes = {name: _text(file.attrs.get(name, "")) for name in TEXT_ATTRIBUTES}
    for name in ("ranks", "seed"):
        attributes[name] = int(file.attrs[name]) if name in file.attrs else None
    return attributes


def _check_format(file, path):
    name, version = _text(file.attrs.get("format", "")), file.attrs.get("format_version", 0)
    if name != "edotb-results":
        raise ResultsError(f"{path}: not an edotb results file (attribute format is '{name}', expected 'edotb-results')")
    if int(version) != 1:
        raise ResultsError(f"{path}: results format version {version} is not known here (expected 1)")


def _array(file, path, name, shape=None):
    if name not in file:
        raise ResultsError(f"{path}: dataset /{name} is missing")
    values = file[name][...]
    if shape is not None and values.shape != shape:
        raise ResultsError(f"{path}: dataset /{name} has shape {values.shape}, expected {shape}")
    return values


def read(path):
    """Results of the run in `path`, a results file or the folder that holds one (results.h5)."""
    path = os.path.join(path, "results.h5") if os.path.isdir(path) else path
    if not os.path.exists(path):
        raise ResultsError(f"{path}: no such file")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read as HDF5 ({error})") from error
    with file:
        return _read_open(file, path)


def point_datasets(file):
    """The datasets with the four axes of points that a checksum covers, in its order: by name, status last."""
    points, names = file["status"].shape, []
    file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) and item.shape[:4] == points else None)
    return sorted(set(names) - {"checksum"}, key=lambda name: (name == "status", name))


def checksums(file):
    """What `checksum` of every point must be (F, A, E, R): the CRC-32 of its bytes."""
    datasets = [file[name] for name in point_datasets(file)]
    points = file["status"].shape
    found = np.zeros(points, np.uint32)
    for f, a in np.ndindex(points[:2]):     # a part of the file at a time: observables can be larger than the memory
        blocks = [np.ascontiguousarray(dataset[f, a]).reshape(points[2:] + (-1,)) for dataset in datasets]
        for e, r in np.ndindex(points[2:]):
            for block in blocks:
                found[f, a, e, r] = zlib.crc32(block[e, r], int(found[f, a, e, r]))
    return found


def checked_status(file, path, points):
    """The status of every point: NOT_COMPUTED without a checksum, DAMAGED with another one than that of its bytes."""
    status, recorded = _array(file, path, "status", points).astype(np.int8), _array(file, path, "checksum", points)
    status[recorded == 0] = NOT_COMPUTED
    status[(recorded != 0) & (recorded != checksums(file))] = DAMAGED
    return status


def _read_open(file, path):
    _check_format(file, path)
    axes = [_array(file, path, name) for name in ("field", "angle", "energy", "realisation")]
    points = tuple(len(axis) for axis in axes)
    leads = len(_array(file, path, "lead"))
    if 0 in points or leads == 0:
        raise ResultsError(f"{path}: an axis is empty, so there is nothing to show")
    transmission = _array(file, path, "transmission", points + (leads, leads))
    modes = _array(file, path, "modes", points + (leads,)).astype(float)
    unitarity_error = _array(file, path, "unitarity_error", points)
    status = checked_status(file, path, points)
    seconds = _array(file, path, "seconds", points)
    flux = _array(file, path, "flux_per_plaquette", points[:2] + (3,))
    usable = np.isin(status, (SOLVED, RE_SOLVED)) & np.isfinite(transmission).all(axis=(-2, -1))
    transmission[~usable], modes[~usable], unitarity_error[~usable] = np.nan, np.nan, np.nan
    units = [_text(file[name].attrs.get("units", "")) for name in ("field", "energy")]
    order = [np.argsort(axis, kind="stable") for axis in axes]
    arrays = (transmission, modes, unitarity_error, seconds, status, usable)
    return Results(path, *(axis[o] for axis, o in zip(axes, order)), *(array[np.ix_(*order)] for array in arrays),
                   flux[np.ix_(*order[:2])], *units, _attributes(file))


def library_versions(results):
    """{library: version} from the JSON attribute; a value that is not a JSON object is kept whole."""
    text = results.attributes["library_versions"]
    try:
        versions = json.loads(text) if text else {}
    except ValueError:
        versions = text
    return versions if isinstance(versions, dict) else {"libraries": str(versions)}


# ------------------------------------------------------------------------------------------------------------- statistics

def mean_and_error(samples):
    """(mean, standard error, count) over the last axis, NaN samples left out; the error is NaN where fewer than two are left."""
    samples = np.asarray(samples, dtype=float)
    present = np.isfinite(samples)
    count = present.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(present, samples, 0).sum(axis=-1) / count
        deviation = np.where(present, samples - mean[..., None], 0)
        error = np.sqrt((deviation**2).sum(axis=-1) / (count - 1) / count)
    return np.where(count > 0, mean, np.nan), np.where(count > 1, error, np.nan), count


@dataclass
class Change:
    """A paired difference and what it is a difference from."""
    value: float
    error: float           # NaN with fewer than two pairs
    count: int             # pairs
    relative: float        # value / mean of the first sample; NaN where that mean is not clearly above zero
    relative_error: float
    rounding: float        # differences below this are rounding

    @property
    def vanishes(self):
        return max(abs(self.value), np.nan_to_num(self.error)) <= self.rounding

    @property
    def significant(self):
        return self.count > 1 and abs(self.value) > max(self.rounding, significance_threshold(self.count) * self.error)


def paired_change(first, second, rounding=1e-9):
    """Change from `first` to `second`, two 1-D samples with one entry per realisation; pairs with a NaN are left out."""
    pairs = np.isfinite(first) & np.isfinite(second)
    first, difference = np.asarray(first)[pairs], (np.asarray(second) - np.asarray(first))[pairs]
    value, error, count = (x.item() for x in mean_and_error(difference))
    base, base_error, _ = (x.item() for x in mean_and_error(first))
    relative = np.nan if not count or base < 1e-6 or base < 3 * base_error else value / base
    return Change(value, error, count, relative, mean_and_error((difference - relative * first) / base)[1].item(), rounding)


def paired_changes(conductance, reference):
    """(mean, standard error, count), each (F, A, E), of G_r(B) - G_r(B of index `reference`)."""
    return mean_and_error(conductance - conductance[reference][None])


def source_modes(results):
    """Open modes of the source lead (F, A, E), averaged over the usable realisations."""
    return mean_and_error(results.modes[..., 0])[0]


def significance_threshold(count):
    """Standard errors that a mean of `count` values must be away from zero: 2, widened for few values (Student's t at 95.45 %)."""
    degrees = count - 1
    if degrees < 1:
        return float("inf")
    if degrees <= len(STUDENT_95_45):
        return STUDENT_95_45[degrees - 1]
    return 2 + 2.5 / degrees + 294 / (96 * degrees**2)      # Cornish-Fisher expansion about the normal quantile z = 2


def sum_rule_error(results):
    """Largest |sum_p T_pq - N_q| and |sum_q T_pq - N_p| over the usable points; NaN when there is none."""
    if not results.usable.any():
        return float("nan")
    columns = np.abs(results.transmission.sum(axis=-2) - results.modes)
    rows = np.abs(results.transmission.sum(axis=-1) - results.modes)
    return float(max(np.nanmax(columns), np.nanmax(rows)))


def zero_field_spread(results):
    """Largest difference between angles of G at B = 0 in one realisation, where it must vanish; None when not tested by the run."""
    if results.zero_field is None or len(results.angle) < 2 or not results.is_bar:
        return None
    at_zero = results.conductance[results.zero_field]
    complete = np.isfinite(at_zero).all(axis=0)
    return float(np.ptp(at_zero, axis=0)[complete].max()) if complete.any() else None


def thin(count, most):
    """At most `most` indices of range(count), evenly spread, the first and the last among them."""
    return sorted({int(i) for i in np.linspace(0, count - 1, min(count, most)).round()})


# ------------------------------------------------------------------------------------------------------------------ words

def number(value, digits=5):
    """A coordinate or parameter as a person writes it: 0.1, not 0.1000; the true minus sign."""
    return f"{float(value):.{digits}g}".replace("-", MINUS)


def with_error(value, error, sign=False):
    """'1.23 ± 0.10': the error to two digits, the value to the same decimal place."""
    plus = "+" if sign else ""
    if not np.isfinite(value):
        return "\N{EN DASH}"
    if not np.isfinite(error):
        text = f"{value:{plus}.5g}"
    elif value == error == 0:
        text = "0"
    elif error < SMALLEST_SHOWN:
        text = f"{value:{plus}.6f} ± <1e-6"
    else:
        decimals = 1 - int(np.floor(np.log10(float(f"{error:.1e}"))))
        shown = max(decimals, 0)
        text = f"{round(value, decimals) + 0.0:{plus}.{shown}f} ± {round(error, decimals):.{shown}f}"      # + 0.0: never -0.00
    return text.replace("-", MINUS).replace(f"1e{MINUS}6", "1e-6")


def plural(count, noun):
    nouns = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count} {noun if count == 1 else nouns}"


def field_unit(results):
    return "rad per plaquette" if results.field_unit == "rad/plaquette" else results.field_unit


def field_text(results, index):
    return f"{number(results.field[index])} {field_unit(results)}".strip()


def angle_text(results, index):
    return f"{number(results.angle[index])}°"


def energy_text(results, index):
    return f"{number(results.energy[index])} {results.energy_unit}".strip()


def one_for_each(thing, results, indices, noun, text):
    """'one line for each of 4 angles (0° to 90°)', or 'one line (0°)'."""
    if len(indices) == 1:
        return f"one {thing} ({text(results, indices[0])})"
    return f"one {thing} for each of {plural(len(indices), noun)} ({text(results, indices[0])} to {text(results, indices[-1])})"


def span(results, axis, text):
    return text(results, 0) if len(axis) == 1 else f"{number(axis[0])} to {text(results, len(axis) - 1)}"


def left_out_text(results):
    """'3 of 96 points left out: 2 failed, 1 not computed.' or ''."""
    if not results.left_out:
        return ""
    failed, missing, damaged = results.count(FAILED), results.count(NOT_COMPUTED) - results.not_needed, results.count(DAMAGED)
    reasons = [f"{n} {word}" for n, word in ((failed, "failed"), (missing, "not computed"), (damaged, "DAMAGED"),
                                             (results.left_out - failed - missing - damaged, "with numbers that are not finite")) if n]
    return f"{results.left_out} of {plural(results.usable.size - results.not_needed, 'point')} left out: {', '.join(reasons)}."


def deck_text(value):
    """A deck value as one line: 'anderson, width = 1.0'."""
    if isinstance(value, dict):
        return ", ".join(deck_text(v) if k in ("name", "kind") else f"{k} = {deck_text(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(deck_text(v) for v in value) if 0 < len(value) <= LONG_LIST else f"{len(value)} values" if value else "none"
    return str(value)


def percent(change):
    if not np.isfinite(change.relative):
        return ""
    if change.count == 1:
        return f" ({100 * change.relative:+.3g} %)".replace("-", MINUS)
    return f" ({with_error(100 * change.relative, 100 * change.relative_error, sign=True)} %)"


def change_words(change):
    """'rises by 1.23 ± 0.10 e²/h (+35 ± 3 %), 8 pairs'; a change inside its error is called that, not a rise or a fall."""
    if not change.count:
        return "cannot be compared: no realisation was solved at both"
    pairs = f", {plural(change.count, 'pair')}" + (" and so no error bar" if change.count == 1 else "")
    if change.vanishes:
        return f"does not change beyond rounding ({change.rounding:.0e} e²/h{pairs})"
    if change.count > 1 and not change.significant:
        return f"shows no significant change: {with_error(change.value, change.error, sign=True)} e²/h{percent(change)}{pairs}"
    verb = "rises" if change.value > 0 else "falls"
    return f"{verb} by {with_error(abs(change.value), change.error)} e²/h{percent(change)}{pairs}"


def modes_change(modes, first, last):
    """'stay at 5' or 'go from 20 to 14' from field index `first` to `last`; says so when they leave that range in between."""
    if not np.isfinite(modes).all():
        return "are not known"
    low, high = modes.min(), modes.max()
    if low == high:
        return f"stay at {number(low)}"
    outside = low < min(modes[first], modes[last]) or high > max(modes[first], modes[last])
    return f"go from {number(modes[first])} to {number(modes[last])}" + (f" (between {number(low)} and {number(high)})" if outside else "")


def modes_words(results, angles, e):
    modes = source_modes(results)[:, angles, e]
    words = [modes_change(column, results.reference_field, results.highest_field) for column in modes.T]
    if len(set(words)) == 1:
        return words[0] + (" at every angle" if len(words) > 1 else "")
    return ", ".join(f"{word} at {angle_text(results, a)}" for word, a in zip(words, angles))


def peak_words(results, a, e):
    """Names the largest change of the sweep, when it differs significantly from the one at the highest field."""
    mean = np.abs(paired_changes(results.conductance, results.reference_field)[0][:, a, e])
    last = results.highest_field
    f = int(np.nanargmax(mean)) if np.isfinite(mean).any() else last
    if not paired_change(*results.conductance[[last, f], a, e], results.rounding).significant:
        return ""
    peak = paired_change(*results.conductance[[results.reference_field, f], a, e], results.rounding)
    return (f" The largest mean change of the sweep, {with_error(peak.value, peak.error, sign=True)} e²/h, is at "
            f"{field_text(results, f)}; it was picked after looking, so it weighs less than its error says.")
