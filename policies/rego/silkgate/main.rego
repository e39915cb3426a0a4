# METADATA
# title: The decision
# description: |
#   Gathers what the rules say into one complete decision. Anything that is not a well-formed
#   question is denied; denial outweighs review, review outweighs permission, and permission
#   needs an exemption or a mechanism that carries everything that leaves. On a route in shadow mode
#   the question is another one: see `silkgate.shadow`.
# custom:
#   zh: 汇总各规则的结论；输入不合规即拒绝；拒绝优先于复核，复核优先于放行
#   citation: PIPL art 38
package silkgate

import data.silkgate.approvals
import data.silkgate.counting
import data.silkgate.shadow
import data.silkgate.treating
import data.silkgate.validity
import data.silkgate.waivers

# METADATA
# entrypoint: true
default decision := {
	"outcome": "deny",
	"mechanism": null,
	"counts": {"general": false, "sensitive": false},
	"treatments": [],
	"obligations": [],
	"needs": [],
	"reasons": [{
		"code": "input.invalid",
		"en": "The question put to the policy is incomplete or malformed; nothing may leave.",
		"zh": "提交给策略的问题不完整或格式错误，一律不得出境。",
		"citation": "PIPL art 38",
	}],
}

decision := shadow.decision if {
	validity.ok
	input.mode == "shadow"
} else := {
	"outcome": _outcome,
	"mechanism": _mechanism,
	"counts": counting.counts,
	"treatments": treating.treatments,
	"obligations": _listed({duty | some rule in _rules; some duty in rule.obligations}),
	"needs": _listed({need | some rule in _objecting; some need in rule.needs}),
	"reasons": [_reasons[code] | some code in _listed(object.keys(_reasons))],
} if {
	validity.ok
}

# The law, then the company's own rules.
_rules := array.concat(_law, _own)

# Area by area: of a tree of packages an engine makes many copies.
_law := [rule |
	some area in [
		data.silkgate.rules.agreements,
		data.silkgate.rules.cn,
		data.silkgate.rules.common,
		data.silkgate.rules.destination,
		data.silkgate.rules.origin,
		data.silkgate.rules.us,
	]
	some rule in area
]

_own := [rule | some rule in object.remove(data.silkgate.overlay, data.silkgate.overlay_sections.names)]

_denying := [rule | some rule in _rules; some reason in rule.deny; not waivers.in_force[reason.code]]

_reviewing := [rule | some rule in _rules; some reason in rule.review; not reason.code in approvals.given]

_carriers := [rule.carried_by | some rule in _rules]

default _denied := false

_denied if some _ in _denying

default _carried := false

_carried if some _ in _carriers

_outcome := "deny" if {
	_denied
} else := "review" if {
	some _ in _reviewing
} else := "allow" if {
	not counting.any
} else := "allow" if {
	_carried
} else := "deny"

# Of an exemption and a route, the route is named: it carries what the exemption does not. Last by
# name is the route.
_mechanism := max(_carriers) if {
	_outcome == "allow"
	_carried
} else := "exemption" if {
	_outcome == "allow"
} else := null

_objecting := _denying if {
	_denied
} else := _reviewing

_reasons := {reason.code: reason | some reason in _grounds} if {
	_outcome == "allow"
} else := {reason.code: reason | some reason in _objections}

_objections := [reason | some rule in _objecting; some reason in _against(rule)]

_against(rule) := [reason | some reason in rule.deny; not waivers.in_force[reason.code]] if {
	_denied
} else := [reason | some reason in rule.review; not reason.code in approvals.given]

_grounds := array.concat(
	array.concat(
		[reason | some rule in _rules; some reason in rule.because],
		[exemption.reason | some exemption in counting.exemptions],
	),
	[reason | some rule in _rules; some lifted in rule.deny; reason := waivers.reason(lifted.code)],
)

# `sort` of a set stays a set in rego-cpp.
_listed(values) := sort([value | some value in values])
