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

# METADATA
# description: One entry for each pointer and category, ordered, the strictest where they differ.
treatments := [entry |
	some i
	choice := _choices[i]
	place := choice[2] - 100
	not _repeated(i)
	entry := object.union(
		{
			"pointer": choice[0],
			"category": choice[1],
			"treatment": data.silkgate.strictness.order[place],
		},
		_hold(choice[1]),
	)
]

# METADATA
# description: Personal information that is not removed. Masked or pseudonymized, it still leaves.
leaving := [field |
	some field in facts.found
	facts.personal(field)
	_final[_place(field)] != "suppress"
]

# METADATA
# description: The purpose's profile.
profile := data.silkgate.profiles[input.purpose]

# Strictest first, so that the first entry of each place is the one that holds.
_choices := sort([[field.pointer, field.category, _rank(field)] |
	some field in input.fields
	field.verdict != "refuted"
])

_repeated(i) if {
	i > 0
	_choices[i - 1][0] == _choices[i][0]
	_choices[i - 1][1] == _choices[i][1]
}

_final := {_place(entry): entry.treatment | some entry in treatments}

_place(entry) := concat(" ", [entry.category, entry.pointer])

# rego-cpp orders numbers as texts in `min` and `sort`: three digits each make both orders one.
_index := {name: rank |
	some i
	name := data.silkgate.strictness.order[i]
	rank := 100 + i
}

# A treatment nobody knows is read as the strictest.
_rank(field) := min([object.get(_index, name, 100) | some name in _names(field)])

_names(field) := array.concat([_base(field)], _tightened(field))

default _base(_) := "suppress"

_base(field) := "keep" if {
	field.verdict == "unknown"
} else := "keep" if {
	facts.label(field)
} else := _entry(_table, field)

_tightened(field) := [name |
	field.verdict != "unknown"
	some table in _tighter
	name := _entry(table, field)
]

_entry(table, field) := treatment if {
	treatment := table[concat("/", [field.category, object.get(field, "entity", "")])]
} else := table[field.category]

# The most specific agreement comes last.
_table := object.union_n(array.concat(
	[profile.treatments],
	[profile.agreements[name] |
		some name in data.silkgate.strictness.agreements
		data.silkgate.agreements[name].applies
	],
))

_tighter := array.concat(
	[table | table := profile.destinations[input.destination]],
	[table |
		some purpose in [input.purpose, "any"]
		table := data.silkgate.overlay.treatments[purpose]
	],
)

_hold(category) := {"hold": true} if {
	category in profile.hold
} else := {}
