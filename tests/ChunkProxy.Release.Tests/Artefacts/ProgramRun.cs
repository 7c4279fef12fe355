using System.ComponentModel;
using System.Diagnostics;

namespace ChunkProxy.Release.Tests.Artefacts;

/// <summary>One run of a program, to its end.</summary>
internal static class ProgramRun
{
    // A release is made in two minutes; on a busy machine it takes longer.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Returns what the program printed on both of its outputs.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has what it printed.</exception>
    public static async Task<string> OutputAsync(
        IReadOnlyList<string> command, CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? environment = null, string folder = "")
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new Win32Exception($"{command[0]} did not start.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            var printed = await output + await errors;
            return process.ExitCode == 0 ? printed : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}:\n{printed}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
