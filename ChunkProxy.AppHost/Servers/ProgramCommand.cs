using System.Diagnostics;

namespace ChunkProxy.AppHost.Servers;

/// <summary>One run of a program to its end.</summary>
internal static class ProgramCommand
{
    /// <summary>Runs a program. A cancelled run is killed with its children.</summary>
    /// <param name="program">Path or name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working directory; null: the current one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">It exited with an error; the message is the last line that it wrote to its error output.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, string? folder, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await Task.WhenAll(output, errors, process.WaitForExitAsync(cancellationToken));
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException((await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? $"{program} exited with code {process.ExitCode}");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
