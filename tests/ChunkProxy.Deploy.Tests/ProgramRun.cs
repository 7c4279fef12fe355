using System.ComponentModel;
using System.Diagnostics;

namespace ChunkProxy.Deploy.Tests;

/// <summary>One run of a program that tests need, to its end.</summary>
internal static class ProgramRun
{
    // Compiling, or starting and stopping six containers, takes seconds, and minutes on a busy machine.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Returns the program's standard output and, if <paramref name="withErrors"/>, its standard error.</summary>
    /// <exception cref="InvalidOperationException">The exit code is not 0. The message contains the output.</exception>
    public static async Task<string> OutputAsync(
        string[] command, string folder, IReadOnlyDictionary<string, string?> environment, bool withErrors, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment)
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
