using System.ComponentModel;
using System.Diagnostics;

namespace ChunkProxy.Deploy.Tests.Containers;

/// <summary>Docker or Podman, as <c>eng/containers.sh run</c> sets it up for this process.</summary>
public static class ContainerEngine
{
    public const string Absent = "needs containers: ./test.sh --containers";

    /// <summary>The collection of the tests that start containers: more than one cluster is too much for a small machine.</summary>
    public const string OneAtATime = "containers";

    // Images are made before the tests, but a busy machine takes its time to start and to stop six containers.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static readonly string? Engine = Environment.GetEnvironmentVariable("CHUNKPROXY_ENGINE");
    private static readonly string? Compose = Environment.GetEnvironmentVariable("CHUNKPROXY_COMPOSE");

    public static bool IsSetUp => Engine is { Length: > 0 } && Compose is { Length: > 0 };

    public static bool IsDocker => Engine == "docker";

    /// <summary>Runs <c>docker</c> or <c>podman</c>; returns what it printed.</summary>
    public static Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync([Engine!, .. arguments], folder: "", cancellationToken);

    /// <summary>Runs <c>docker compose</c> or <c>podman-compose</c> in a folder; returns what it printed.</summary>
    public static Task<string> ComposeAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync([.. Compose!.Split(' '), .. arguments], folder, cancellationToken);

    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has what it printed.</exception>
    private static async Task<string> RunAsync(string[] command, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var process = Process.Start(start) ?? throw new Win32Exception($"{command[0]} did not start.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
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
