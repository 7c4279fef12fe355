using System.ComponentModel;
using System.Diagnostics;

namespace ChunkProxy.Testing.Processes;

/// <summary>One run of a program, to its end.</summary>
public static class ProgramRun
{
    // A release is made in two minutes, and six containers start in seconds; on a busy machine both take longer.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Returns the program's standard output and, if <paramref name="withErrors"/>, its standard error after it.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <param name="environment">Variables to set in addition to those of this process.</param>
    /// <param name="folder">The working directory; empty: that of this process.</param>
    /// <param name="withErrors">Whether the result includes the standard error.</param>
    /// <exception cref="InvalidOperationException">The exit code is not 0. The message contains both outputs.</exception>
    public static async Task<string> OutputAsync(
        IReadOnlyList<string> command, CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? environment = null, string folder = "", bool withErrors = false)
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
            return process.ExitCode != 0
                ? throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}:\n{await output}\n{await errors}")
                : withErrors ? await output + await errors : await output;
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
