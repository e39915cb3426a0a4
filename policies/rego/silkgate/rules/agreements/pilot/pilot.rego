# METADATA
# title: Cap of a pilot programme
# description: |
#   A pilot is capped in persons of its own and every decision under it is flagged.
# custom:
#   zh: 试点项目设人数上限，相关决定均予标记
#   citation: PIPL art 38
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.agreements.pilot

import data.silkgate.allowances
import data.silkgate.pilot

deny contains _reason if {
	some name in pilot.covering
	tally := concat("", ["pilot.", name])
	programme := data.silkgate.overlay.pilots[name]
	allowances.met(tally, {"persons": programme.below_persons})
}

review contains _untold if {
	some name in pilot.covering
	tally := concat("", ["pilot.", name])
	allowances.untold(tally)
}

needs contains "bands.within" if count(review) > 0

obligations contains concat("", ["pilot.", name]) if some name in pilot.covering

_reason := {
	"code": "pilot.cap",
	"en": "The pilot programme's cap on persons would be reached.",
	"zh": "将达到试点项目的人数上限。",
	"citation": "PIPL art 38",
}

_untold := {
	"code": "pilot.tally_unknown",
	"en": "How many persons have left under the pilot programme is not known.",
	"zh": "试点项目已用人数未知。",
	"citation": "PIPL art 38",
}
