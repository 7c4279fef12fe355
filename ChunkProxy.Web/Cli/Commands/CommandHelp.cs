using System.Text;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>The help text of a command: <c>chunkproxy COMMAND -help</c>.</summary>
internal static class CommandHelp
{
    private const string ClosingWithoutNode = "\nExit code: 0 done, 2 wrong usage.";

    private const string Closing = """

        Exit code: 0 done, 1 failed, 2 wrong usage. Without -node, the address comes from the environment
        (ChunkProxy__AdminAddress, ChunkProxy__PlainAddress, ChunkProxy__WebAddr, the first that is set);
        without these it is http://127.0.0.1:8080. Without -adminkey, the key comes from the environment
        (ChunkProxy__AdminKey, ChunkProxy__AdminKeyFile). The node reads the same variables.
        """;

    public static string Of(NodeCommand command)
    {
        var page = new StringBuilder().Append("chunkproxy ").Append(command.Name).Append(": ").Append(command.Summary).Append("\n\nUsage:\n  ")
            .Append(Usage(command)).Append("\n\nExamples:\n");
        foreach (var (line, does) in command.Examples)
        {
            page.Append("  ").Append(does).Append(":\n    ").Append(line).Append('\n');
        }

        page.Append("\nFlags:\n");
        foreach (var flag in CommandFlags.Of(command))
        {
            page.AppendFlag(flag, indent: 2);
        }

        return page.Append(command.AsksNode ? Closing : ClosingWithoutNode).ToString();
    }

    public static string Usage(NodeCommand command) => $"chunkproxy {command.Name}{(command.ArgumentName is null ? "" : " " + command.ArgumentName)} [flags]";
}
