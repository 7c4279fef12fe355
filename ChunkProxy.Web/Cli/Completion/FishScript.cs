using System.Text;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Completion;

internal static class FishScript
{
    public static string Write(IReadOnlyList<CompletedCommand> commands)
    {
        var script = new StringBuilder("# fish completion for chunkproxy\ncomplete -c chunkproxy -f\n");
        var names = string.Join(' ', commands.Select(command => command.Name).OfType<string>());
        foreach (var command in commands)
        {
            var condition = command.Name is null ? $"not __fish_seen_subcommand_from {names}" : $"__fish_seen_subcommand_from {command.Name}";
            if (command.Name is { } name)
            {
                script.Append($"complete -c chunkproxy -n '__fish_is_nth_token 1' -a {name} -d {Quoted(command.Summary)}\n");
            }

            if (command.Words is not [])
            {
                script.Append($"complete -c chunkproxy -n '{condition}' -a '{string.Join(' ', command.Words)}'\n");
            }

            foreach (var flag in command.Flags)
            {
                script.Append($"complete -c chunkproxy -n '{condition}' -o {flag.Name}{ValueOf(flag)} -d {Quoted(flag.Help)}\n");
            }
        }

        return script.ToString();
    }

    private static string ValueOf(Flag flag) => flag.Value switch
    {
        null => "",
        var value when value == FlagValue.Directory => " -x -a '(__fish_complete_directories)'",
        var value when value == FlagValue.File => " -r -F",
        _ => " -x",
    };

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
