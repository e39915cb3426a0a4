"""Where the values of a body's places stand in its sequence of tokens.

Worked out only when something has to be written. Tokens are keys and scalars; or, for bodies in
which only strings change, keys and strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from gateway.codecs.places import Place

_Sizes = int | Sequence[int]  # tokens in each value; one number where all are alike


class Positions:
    """Ordinals of the first tokens of all values, by place."""

    def __init__(self, places: Sequence[Place], *, strings_only: bool) -> None:
        """`places`: of one body, parents before children, its top-level values first."""
        self._strings_only = strings_only
        self._sizes: dict[int, _Sizes] = {}
        for place in reversed(places):
            self._sizes[id(place)] = self._sized(place)
        root = places[0]
        ends = self._ends(root)
        self.count = ends[-1]
        self._starts: dict[int, tuple[Sequence[int], int]] = {id(root): (ends[:-1], 0)}
        for place in places:
            self._start_members(place)
            self._start_elements(place)

    def starts(self, place: Place) -> Sequence[int]:
        """The ordinal of the first token of each value of `place`."""
        starts, offset = self._starts[id(place)]
        if offset:
            starts = [start + offset for start in starts]
            self._starts[id(place)] = starts, 0
        return starts

    def _ends(self, place: Place) -> list[int]:
        """How many tokens come before each of a place's values, and in the end."""
        return [0, *accumulate(self._each(place))]

    def _each(self, place: Place) -> Sequence[int]:
        sizes = self._sizes[id(place)]
        return [sizes] * len(place.values) if isinstance(sizes, int) else sizes

    def _sized(self, place: Place) -> _Sizes:
        """The sizes of a place's values, those of its children known."""
        if not place.objects and not place.arrays:
            if not self._strings_only or place.kinds == {str}:
                return 1
            if str not in place.kinds:
                return 0
            return [1 if type(value) is str else 0 for value in place.values]
        sizes = [
            0 if self._strings_only and type(value) is not str else 1 for value in place.values
        ]
        for i in place.objects:
            sizes[i] = len(place.values[i])
        for member in place.members:
            which = place.objects if member.at is None else [place.objects[i] for i in member.at]
            for i, size in zip(which, self._each(member.place), strict=True):
                sizes[i] += size
        if place.elements is not None:
            ends, bounds = self._ends(place.elements), _bounds(place)
            for i, first, last in zip(place.arrays, bounds, bounds[1:], strict=False):
                sizes[i] = ends[last] - ends[first]
        return sizes

    def _start_members(self, place: Place) -> None:
        if not place.members:
            return
        starts = self.starts(place)
        at: Sequence[int] = [starts[i] for i in place.objects]
        if place.uniform:
            offset = 1
            for member in place.members:
                self._starts[id(member.place)] = at, offset
                sizes = self._sizes[id(member.place)]
                if isinstance(sizes, int):
                    offset += 1 + sizes
                else:
                    at = list(map(int.__add__, at, sizes))
                    offset += 1
            return
        found: dict[str, list[int]] = {member.key: [] for member in place.members}
        sizes_of = {member.key: iter(self._each(member.place)) for member in place.members}
        for i, start in zip(place.objects, at, strict=True):
            ordinal = start
            for key in place.values[i]:
                found[key].append(ordinal + 1)
                ordinal += 1 + next(sizes_of[key])
        for member in place.members:
            self._starts[id(member.place)] = found[member.key], 0

    def _start_elements(self, place: Place) -> None:
        child = place.elements
        if child is None:
            return
        own, ends, bounds = self.starts(place), self._ends(child), _bounds(place)
        starts: list[int] = []
        for i, first, last in zip(place.arrays, bounds, bounds[1:], strict=False):
            shift = own[i] - ends[first]
            starts.extend(end + shift for end in ends[first:last])
        self._starts[id(child)] = starts, 0


def _bounds(place: Place) -> list[int]:
    """Where each array's elements begin among those of all arrays of the place."""
    return [0, *accumulate(len(place.values[i]) for i in place.arrays)]
