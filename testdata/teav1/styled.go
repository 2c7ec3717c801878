package teav1

import (
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
)

// Quiet: which background the terminal has is asked once, and bubbletea has
// asked before the first View.
type styled struct{ style lipgloss.Style }

func newStyled() tea.Model {
	return styled{lipgloss.NewStyle().Foreground(lipgloss.AdaptiveColor{Light: "0", Dark: "15"})}
}

func (s styled) Init() tea.Cmd                       { return nil }
func (s styled) Update(tea.Msg) (tea.Model, tea.Cmd) { return s, nil }
func (s styled) View() string                        { return s.style.Render("x") }
