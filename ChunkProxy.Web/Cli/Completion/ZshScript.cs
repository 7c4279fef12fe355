using System.Text;
using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Completion;

internal static class ZshScript
{
    public static string Write(IReadOnlyList<CompletedCommand> commands)
    {
        var script = new StringBuilder("#compdef chunkproxy\n\n_chunkproxy() {\n    local -a commands=(\n");
        foreach (var command in commands.Where(command => command.Name is not null))
        {
            script.Append("        ").Append(Quoted($"{command.Name}:{command.Summary}")).Append('\n');
        }

        script.Append("    )\n    if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then\n        _describe command commands\n    fi\n    case $words[2] in\n");
        foreach (var command in commands.Where(command => command.Name is not null))
        {
            script.Append("        ").Append(command.Name).Append(")\n            ((CURRENT > 2)) || return\n            shift words\n            ((CURRENT--))\n            ");
            AppendArguments(script, command).Append("            ;;\n");
        }

        script.Append("        *)\n            ");
        AppendArguments(script, commands[0]).Append("            ;;\n    esac\n}\n\n");
        return script.Append("_chunkproxy \"$@\"\n").ToString();
    }

    private static StringBuilder AppendArguments(StringBuilder script, CompletedCommand command)
    {
        script.Append("_arguments");
        foreach (var flag in command.Flags)
        {
            script.Append(" \\\n                ").Append(Quoted($"{flag}[{InBrackets(flag.Help)}]{ValueOf(flag)}"));
        }

        if (command.Word is { } word)
        {
            script.Append(" \\\n                ").Append(Quoted($"{(word.EndsWith(NodeCommand.Several, StringComparison.Ordinal) ? "*" : "1")}:{word}:{(command.Words is [] ? "" : $"({string.Join(' ', command.Words)})")}"));
        }

        return script.Append('\n');
    }

    private static string ValueOf(Flag flag) => flag.Value switch
    {
        null => "",
        var value when value == FlagValue.Directory => $":{value.Placeholder}:_files -/",
        var value when value == FlagValue.File => $":{value.Placeholder}:_files",
        var value => $":{value.Placeholder}:",
    };

    private static string InBrackets(string text) => text.Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
