using ChunkProxy.Web.Cli.Commands;

namespace ChunkProxy.Web.Tests.Cli.Commands;

/// <summary>The result of a command that was run in this process.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Errors)
{
    /// <summary>The error line of a failed command.</summary>
    public string Error => Assert.Single(Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    public static Task<CommandRun> OfAsync(
        string[] args, IReadOnlyDictionary<string, string>? environment = null, bool isTerminal = false, CancellationTokenSource? interrupt = null, int? width = null) =>
        OfAsync(NodeCommands.Find(args[0])!, args[1..], environment, isTerminal, interrupt, width);

    public static async Task<CommandRun> OfAsync(
        NodeCommand command, string[] args, IReadOnlyDictionary<string, string>? environment = null, bool isTerminal = false, CancellationTokenSource? interrupt = null, int? width = null)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        string? Environment(string name) => environment?.GetValueOrDefault(name);
        var exitCode = await NodeCommandProcess.RunAsync(
            command, args, new CommandOutput(output, errors, isTerminal, Environment, width), Environment, (interrupt ?? new CancellationTokenSource()).Token);
        return new CommandRun(exitCode, output.ToString(), errors.ToString());
    }
}
