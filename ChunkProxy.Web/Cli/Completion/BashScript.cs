using System.Text;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Completion;

internal static class BashScript
{
    public static string Write(IReadOnlyList<CompletedCommand> commands)
    {
        var flags = commands.SelectMany(command => command.Flags).ToList();
        var script = new StringBuilder("""
            # bash completion for chunkproxy
            _chunkproxy() {
                local current=${COMP_WORDS[COMP_CWORD]} words
                COMPREPLY=()
                case ${COMP_WORDS[COMP_CWORD - 1]} in

            """);
        AppendValues(script, flags, FlagValue.Directory, "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -P \"${current%\"${current##*,}\"}\" -- \"${current##*,}\"); return");
        AppendValues(script, flags, FlagValue.File, "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return");
        AppendCase(script, flags.Where(flag => flag.Value is { } value && value != FlagValue.Directory && value != FlagValue.File), "return");
        script.Append("    esac\n    case ${COMP_WORDS[1]} in\n");
        foreach (var command in commands.Where(command => command.Name is not null))
        {
            script.Append("        ").Append(command.Name).Append(") words='").AppendJoin(' ', command.Words.Concat(command.Flags.Select(flag => flag.ToString()))).Append("' ;;\n");
        }

        script.Append("        *) words='").AppendJoin(' ', commands[0].Flags).Append("' ;;\n    esac\n");
        script.Append("    ((COMP_CWORD > 1)) || words+=' ").AppendJoin(' ', commands.Select(command => command.Name).OfType<string>()).Append("'\n");
        return script.Append("""
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
            }
            complete -F _chunkproxy chunkproxy

            """).ToString();
    }

    private static void AppendValues(StringBuilder script, IEnumerable<Flag> flags, FlagValue value, string action) =>
        AppendCase(script, flags.Where(flag => flag.Value == value), action);

    private static void AppendCase(StringBuilder script, IEnumerable<Flag> flags, string action) => script.Append("        ")
        .AppendJoin('|', flags.Select(flag => flag.Name).Distinct().SelectMany(name => new[] { $"-{name}", $"--{name}" })).Append(") ").Append(action).Append(" ;;\n");
}
