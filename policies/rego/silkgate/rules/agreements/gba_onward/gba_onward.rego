# METADATA
# title: No onward transfer from the Greater Bay Area
# description: |
#   What came under the area's contract must not leave the area.
# custom:
#   zh: 依大湾区标准合同接收的个人信息不得再向区外提供
#   citation: GBA standard contract implementation guidelines
#   confidence: B/K
#   checked: "2026-11-22"
package silkgate.rules.agreements.gba_onward

import data.silkgate.counting
import data.silkgate.mechanism

deny contains _reason if {
	input.origin in data.silkgate.agreements.gba.parties_list
	input.collected_in == "CN"
	not input.destination in data.silkgate.agreements.gba.area
}

obligations contains "gba.no_onward" if {
	input.origin == "CN"
	counting.any
	mechanism.contract == "gba_contract"
}

_reason := {
	"code": "gba.onward",
	"en": "Collected in the mainland and received in Hong Kong or Macao: it must not travel on outside the area.",
	"zh": "在内地收集、港澳接收的个人信息不得再向大湾区以外提供。",
	"citation": "GBA standard contract implementation guidelines",
}
