# METADATA
# title: Cap of a pilot programme
# description: |
#   A pilot is capped in persons and every decision under it is flagged.
# custom:
#   zh: 试点项目设人数上限，相关决定均予标记
#   citation: PIPL art 38
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.agreements.pilot

import data.silkgate.counting
import data.silkgate.pilot
import data.silkgate.tally

deny contains _reason if {
	counting.any
	not is_null(input.bands)
	some name in pilot.covering
	cap := data.silkgate.overlay.pilots[name].below_persons
	not tally.under("general", cap)
}

obligations contains concat("", ["pilot.", name]) if some name in pilot.covering

_reason := {
	"code": "pilot.cap",
	"en": "The pilot programme's cap on persons would be reached.",
	"zh": "将达到试点项目的人数上限。",
	"citation": "PIPL art 38",
}
