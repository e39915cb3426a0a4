# METADATA
# title: Shadow mode
# description: |
#   A route in shadow mode is asked twice: what the law would say, which is only recorded, and
#   whether the export may leave as it is meanwhile. It may on a fact of the company's that names
#   the route, an approver, a reason, a last day at most 30 days ahead and a cap on persons; and
#   never with important or core data, credentials, content that nobody could read, findings of no
#   known category, or where origin, destination or purpose are unknown. Everybody in it counts: no
#   exemption is made use of.
# custom:
#   zh: 影子模式：仅凭限期（30日内）、限人数并载明批准人与理由的企业事实按原样放行；重要数据、核心数据、凭证及未知目的地一律不放行；所涉人数全部计入
#   citation: PIPL arts 38, 51; DSL art 21
package silkgate.shadow

import data.silkgate.allowances
import data.silkgate.facts
import data.silkgate.validity

decision := {
	"outcome": _outcome,
	"mechanism": _mechanism,
	"counts": {"general": _general, "sensitive": _sensitive},
	"treatments": [_kept[place] | some place in sort([place | some place in object.keys(_kept)])],
	"obligations": sort([concat("", ["shadow.", name]) | some name in object.keys(permits)]),
	"needs": [],
	"reasons": [_reasons[code] | some code in sort([code | some code in object.keys(_reasons)])],
}

# METADATA
# description: The facts that let this route send today.
permits := {name: fact |
	some name
	fact := data.silkgate.overlay.shadows[name]
	fact.route == input.route
	object.keys(fact) == {"route", "approver", "reason", "until", "max_persons"}
	is_string(fact.approver)
	fact.approver != ""
	is_string(fact.reason)
	fact.reason != ""
	is_number(fact.max_persons)
	validity.is_date(fact.until)
	fact.until >= input.at
	_midnight(fact.until) - _midnight(input.at) <= 2592000000000000
}

_midnight(date) := time.parse_ns("2006-01-02", date)

_outcome := "deny" if {
	count(_objections) > 0
} else := "allow"

_mechanism := "shadow" if {
	_outcome == "allow"
} else := null

_reasons := _objections if {
	count(_objections) > 0
} else := {_permitted.code: _permitted}

_permitted := {
	"code": "shadow.permitted",
	"en": concat("", ["The route is in shadow mode; by a company fact its exports leave as they are: ", _named]),
	"zh": concat("", ["该路由处于影子模式；依企业事实按原样放行：", _named]),
	"citation": "data.silkgate.overlay.shadows",
}

_named := concat("; ", sort([concat(", ", [name, fact.approver, fact.until]) | some name; fact := permits[name]]))

_objections := {reason.code: reason | some reason in _against}

_against contains _closed if count(permits) == 0

_against contains _excluded if _never

_against contains _cap if _spent

# What the law says of unknown facts.
_against contains reason if some reason in data.silkgate.rules.common.destination_known.deny

_against contains reason if some reason in data.silkgate.rules.common.purpose_known.deny

_against contains reason if some reason in data.silkgate.rules.common.origin_covered.review

_against contains reason if some reason in data.silkgate.rules.common.category_known.review

_never if {
	some kind in facts.found
	facts.important_levels[kind.level]
}

_never if {
	some kind in facts.found
	facts.important_levels[kind.listed]
}

_never if {
	some kind in facts.found
	kind.category == "spi_credential"
}

# What nobody could read may hold any of these.
_never if count(object.get(input, "opaque", [])) > 0

# Where several facts permit, each must have room.
_spent if {
	some name, fact in permits
	tally := concat("", ["shadow.", name])
	allowances.met(tally, {"persons": fact.max_persons + 1})
}

_spent if {
	some name in object.keys(permits)
	tally := concat("", ["shadow.", name])
	allowances.untold(tally)
}

_kept := {place: entry |
	some field in input.fields
	field.verdict != "refuted"
	place := concat(" ", [field.pointer, field.category])
	entry := {"pointer": field.pointer, "category": field.category, "treatment": "keep"}
}

default _general := false

_general if {
	some kind in facts.kinds
	facts.held_verdicts[kind.verdict]
	facts.personal(kind)
}

default _sensitive := false

_sensitive if {
	some kind in facts.kinds
	facts.held_verdicts[kind.verdict]
	facts.sensitive(kind)
}

_closed := {
	"code": "route.shadow",
	"en": "The route is in shadow mode: exports are decided and logged, and nothing is sent.",
	"zh": "该路由处于影子模式：只作出决定并记录，不发送任何数据。",
	"citation": "data.silkgate.overlay.shadows",
}

_excluded := {
	"code": "shadow.excluded",
	"en": "In shadow mode important or core data and credentials never leave.",
	"zh": "影子模式下，重要数据、核心数据与凭证一律不得出境。",
	"citation": "DSL art 21; PIPL art 51",
}

_cap := {
	"code": "shadow.cap",
	"en": "The cap on persons of the shadow fact would be passed, or their number is not known.",
	"zh": "将超过影子事实的人数上限，或已用人数未知。",
	"citation": "data.silkgate.overlay.shadows",
}
