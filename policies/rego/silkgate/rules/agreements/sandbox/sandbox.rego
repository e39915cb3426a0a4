# METADATA
# title: Sandbox routes
# description: |
#   A route that is being tried out: open from a day until a day, capped in persons, records and
#   bytes, and flagged in every decision. A sandbox permits nothing; it only bounds what the law
#   permits. Persons count here whether an exemption covers them or not.
# custom:
#   zh: 沙盒路由：限期、限人数、限数据量，每项决定均予标记；不放宽任何法定要求
#   citation: PIPL art 38
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.agreements.sandbox

import data.silkgate.allowances

deny contains _closed if {
	some sandbox in _covering
	not _open(sandbox)
}

deny contains _cap if {
	some name, sandbox in _covering
	tally := concat("", ["sandbox.", name])
	caps := {
		"persons": sandbox.below_persons,
		"records": sandbox.below_records,
		"bytes": sandbox.below_bytes,
	}
	allowances.met(tally, caps)
}

review contains _untold if {
	some name in object.keys(_covering)
	tally := concat("", ["sandbox.", name])
	allowances.untold(tally)
}

needs contains "bands.within" if count(review) > 0

obligations contains concat("", ["sandbox.", name]) if some name in object.keys(_covering)

_covering := {name: sandbox |
	some name
	sandbox := data.silkgate.overlay.sandboxes[name]
	sandbox.route == input.route
}

_open(sandbox) if {
	sandbox.from <= input.at
	sandbox.until >= input.at
}

_closed := {
	"code": "sandbox.closed",
	"en": "The route is a sandbox and not open on this day.",
	"zh": "该路由为沙盒路由，当日不在开放期内。",
	"citation": "data.silkgate.overlay.sandboxes",
}

_cap := {
	"code": "sandbox.cap",
	"en": "The sandbox's cap on persons, records or bytes would be reached.",
	"zh": "将达到沙盒的人数或数据量上限。",
	"citation": "data.silkgate.overlay.sandboxes",
}

_untold := {
	"code": "sandbox.tally_unknown",
	"en": "How much has left under the sandbox is not known.",
	"zh": "沙盒已用额度未知。",
	"citation": "data.silkgate.overlay.sandboxes",
}
