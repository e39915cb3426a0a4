# METADATA
# title: Standard contract of the Greater Bay Area
# description: |
#   Exporters in the nine Guangdong cities and recipients in Hong Kong or Macao. What arrives under
#   the contract must not travel on outside the area.
# custom:
#   zh: 粤港澳大湾区个人信息跨境流动标准合同，仅限广东九市与港澳之间，不得再向区外提供
#   citation: GBA standard contract implementation guidelines (2023-12-13, 2024-09)
#   confidence: B/K
#   checked: "2026-11-22"
package silkgate.agreements.gba

applies if {
	party := data.silkgate.agreements.gba.parties[input.destination]
	party.from <= input.at
	input.exporter.zone in data.silkgate.agreements.gba.zones
}
