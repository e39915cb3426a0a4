# METADATA
# title: What is done to each finding
# description: |
#   The purpose's profile names a treatment for each category, or for one entity of it
#   (`pi_basic/PERSON`). Agreements replace entries of the profile; destinations and the company's
#   overlay only tighten. Where several speak, the strictest holds; silence suppresses. A name may
#   carry parameters (`mask:first=0`), which hide more than the plain form; of two forms with
#   different parameters neither is known to hide more, so the value is suppressed.
# custom:
#   zh: 按目的、目的地与协定选定处理方式；多者并存取最严；未列明者删除
package silkgate.treating

import data.silkgate.facts
import data.silkgate.pilot

# METADATA
# description: One entry for each pointer and category, ordered, the strictest where they differ.
treatments := [_final[place] | some place in sort([name | some name in object.keys(_final)])]

# METADATA
# description: |
#   The kinds of personal information that are not removed, each once. Masked or pseudonymized, it
#   still leaves.
leaving := {kind |
	some field in input.fields
	field.verdict in {"confirmed", "likely"}
	facts.personal(field)
	place := _place(field)
	not startswith(_final[place].treatment, "suppress")
	kind := {"category": field.category, "key": _key(field), "level": field.level}
}

# METADATA
# description: The purpose's profile. The overlay holds those of purposes that are not shipped.
profile := data.silkgate.profiles[input.purpose]

profile := data.silkgate.overlay.profiles[input.purpose]

_final := object.union_n([{_place(field): _entry(field)} |
	some field in input.fields
	field.verdict != "refuted"
])

_entry(field) := object.union_n([
	{
		"pointer": field.pointer,
		"category": field.category,
		"treatment": _treatment(_place(field)),
	},
	{"hold": true | field.category in profile.hold},
	{"restore": true |
		place := _place(field)
		_treatment(place) in data.silkgate.strictness.restorable
		not place in _unrestored
	},
])

_treatment(place) := "suppress" if {
	count(_narrowed[place]) > 1
} else := name if {
	some name in _narrowed[place]
} else := _strongest[place][2]

# Strictest last, so that it holds.
_strongest := object.union_n([{choice[1]: choice} | some choice in _choices])

_narrowed[place] contains choice[2] if {
	some choice in _choices
	contains(choice[2], ":")
	place := choice[1]
	choice[0] == _strongest[place][0]
}

_choices := sort([[strength, _place(field), form] |
	some field in input.fields
	field.verdict != "refuted"
	some name in array.concat([_base(field)], _tightened(field))
	strength := object.get(_strengths, _plain(name), _strengths.suppress)
	form := _form(name, strength)
])

_place(field) := concat(" ", [field.pointer, field.category])

# A treatment nobody knows is read as suppress.
_form(name, strength) := name if {
	rank := strength - 100
	data.silkgate.strictness.order[rank] == _plain(name)
} else := "suppress"

_plain(name) := substring(name, 0, indexof(name, ":")) if {
	contains(name, ":")
} else := name

# rego-cpp orders numbers as texts in `sort`: three digits each make both orders one.
_strengths := {name: strength |
	some i
	name := data.silkgate.strictness.order[i]
	strength := 100 + i
}

# Places of which something may not be turned back in an answer.
_unrestored contains _place(field) if {
	some field in input.fields
	field.verdict != "refuted"
	not _restored(field)
}

_restored(field) if {
	some purpose in [input.purpose, "any"]
	some key in data.silkgate.overlay.restore[purpose]
	key in [field.category, _key(field)]
}

_base(field) := "keep" if {
	field.verdict == "unknown"
} else := "keep" if {
	facts.label(field)
} else := _named(_key(field), field.category)

# An entity's own entry outweighs its category's; an agreement's outweighs the profile's.
_named(key, category) := treatment if {
	treatment := _agreed[key]
} else := treatment if {
	treatment := profile.treatments[key]
} else := treatment if {
	treatment := _agreed[category]
} else := treatment if {
	treatment := profile.treatments[category]
} else := "suppress"

_tightened(field) := [] if {
	field.verdict == "unknown"
} else := [name |
	some table in _tighter
	some key in [field.category, _key(field)]
	name := table[key]
]

_key(field) := concat("/", [field.category, object.get(field, "entity", "")])

# The most specific comes last: agreements, then a pilot where the profile is open.
_agreed := object.union_n(array.concat(
	[profile.agreements[name] |
		some name in data.silkgate.strictness.agreements
		data.silkgate.agreements[name].applies
	],
	[_open(table) | some table in pilot.tables],
))

_open(table) := {key: treatment |
	some key in profile.replaceable
	treatment := table[key]
}

_tighter := array.concat(
	[table | table := profile.destinations[input.destination]],
	[data.silkgate.overlay.treatments[purpose] | some purpose in [input.purpose, "any"]],
)
