using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Runs one command from its arguments to its exit code: 0 done, 1 failed, 2 wrong usage.</summary>
internal static class NodeCommandProcess
{
    /// <summary>Runs a command on the console of this process. Ctrl-C and SIGTERM cancel it, and it undoes what it started.</summary>
    public static async Task<int> RunAsync(NodeCommand command, IReadOnlyList<string> args)
    {
        using var stop = new StopSignals();
        var output = new CommandOutput(Console.Out, Console.Error, !Console.IsOutputRedirected, Environment.GetEnvironmentVariable);
        return await RunAsync(command, args, output, Environment.GetEnvironmentVariable, stop.Token);
    }

    public static async Task<int> RunAsync(
        NodeCommand command, IReadOnlyList<string> args, CommandOutput output, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        try
        {
            var flags = FlagReader.Read(args, name => CommandFlags.Find(command, name), CommandFlags.Of(command), command.MostArguments);
            if (flags.Ends is not null)
            {
                output.Page(CommandHelp.Of(command));
                return 0;
            }

            if (flags.Reason is { } reason)
            {
                throw CommandFailure.WrongUsage(reason.Replace("chunkproxy -help", $"chunkproxy {command.Name} -help", StringComparison.Ordinal));
            }

            var input = CommandInput.Read(command, flags, environment);
            using var node = new NodeClient(input.Node, input.Key, input.Trusted);
            await command.RunAsync(node, input, output, cancellationToken);
            return 0;
        }
        catch (CommandFailure failure)
        {
            output.Note(failure.Message);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            output.Note("interrupted");
            return StartFailure.Refused;
        }
    }
}
