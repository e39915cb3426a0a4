# METADATA
# title: Duties at the destination
# description: |
#   What the destination's law asks of the recipient, on the days it is in force. Destination facts
#   oblige and explain; they never decide an export from China.
# custom:
#   zh: 目的地法律对接收方的要求，仅作为义务与说明，不单独决定
#   citation: per jurisdiction data
#   confidence: per fact
#   checked: "2026-11-22"
package silkgate.rules.destination.duties

import data.silkgate.treating

obligations contains code if {
	input.origin == "CN"
	treating.personal_leaves
	some code
	duty := data.silkgate.jurisdictions[input.destination].duties[code]
	duty.from <= input.at
	object.get(duty, "until", input.at) >= input.at
}
