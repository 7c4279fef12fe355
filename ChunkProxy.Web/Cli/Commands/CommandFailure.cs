using System.Net;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>A command failed, for a reason that fits on one line.</summary>
/// <param name="line">The reason and, where possible, the remedy, without a full stop.</param>
/// <param name="exitCode">1: the command failed. 2: wrong usage.</param>
internal sealed class CommandFailure(string line, int exitCode = StartFailure.Refused) : Exception(line)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>The status with which the node refused; null if it did not answer, or was not asked.</summary>
    public HttpStatusCode? Status { get; init; }

    public static CommandFailure WrongUsage(string line) => new(line, StartFailure.WrongSetting);
}
