# METADATA
# title: What is done to each finding
# description: |
#   The purpose's profile names a treatment for each category, or for one entity of it
#   (`pi_basic/PERSON`). Agreements replace entries of the profile; destinations and the company's
#   overlay only tighten. Where several speak, the strictest holds; silence suppresses.
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
	_final[place].treatment != "suppress"
	kind := {"category": field.category, "key": _key(field), "level": field.level}
}

# METADATA
# description: The purpose's profile. The overlay holds those of purposes that are not shipped.
profile := data.silkgate.profiles[input.purpose]

profile := data.silkgate.overlay.profiles[input.purpose]

# Strictest last, so that it holds.
_final := object.union_n([{choice[1]: choice[2]} | some choice in _choices])

_choices := sort([[strength, _place(field), _entry(field, treatment)] |
	some field in input.fields
	field.verdict != "refuted"
	strength := _strength(field)
	rank := strength - 100
	treatment := data.silkgate.strictness.order[rank]
])

_place(field) := concat(" ", [field.pointer, field.category])

_entry(field, treatment) := {
	"pointer": field.pointer,
	"category": field.category,
	"treatment": treatment,
	"hold": true,
} if {
	field.category in profile.hold
} else := {"pointer": field.pointer, "category": field.category, "treatment": treatment}

# A treatment nobody knows is read as the strictest.
_strength(field) := max([object.get(_strengths, name, _strengths.suppress) |
	some name in array.concat([_base(field)], _tightened(field))
])

# rego-cpp orders numbers as texts in `max` and `sort`: three digits each make both orders one.
_strengths := {name: strength |
	some i
	name := data.silkgate.strictness.order[i]
	strength := 100 + i
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
