using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>A command could not do what it was asked for, for a reason that one line tells.</summary>
/// <param name="line">Without a full stop; says what to do where something can be done.</param>
/// <param name="exitCode">1: it failed. 2: wrong usage.</param>
internal sealed class CommandFailure(string line, int exitCode = StartFailure.Refused) : Exception(line)
{
    public int ExitCode { get; } = exitCode;

    public static CommandFailure WrongUsage(string line) => new(line, StartFailure.WrongSetting);
}
