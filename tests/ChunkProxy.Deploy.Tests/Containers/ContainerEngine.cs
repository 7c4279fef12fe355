using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Deploy.Tests.Containers;

/// <summary>Docker or Podman, as <c>eng/containers.sh run</c> sets it up for this process.</summary>
public static class ContainerEngine
{
    public const string Absent = "needs containers: ./test.sh --containers";

    /// <summary>The collection of the tests that start containers: more than one cluster is too much for a small machine.</summary>
    public const string OneAtATime = "containers";

    private static readonly string? Engine = Environment.GetEnvironmentVariable("CHUNKPROXY_ENGINE");
    private static readonly string? Compose = Environment.GetEnvironmentVariable("CHUNKPROXY_COMPOSE");

    public static bool IsSetUp => Engine is { Length: > 0 } && Compose is { Length: > 0 };

    public static bool IsDocker => Engine == "docker";

    /// <summary>Runs <c>docker</c> or <c>podman</c>; returns its output.</summary>
    public static Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        ProgramRun.OutputAsync([Engine!, .. arguments], cancellationToken);

    /// <summary>Returns the output of a container, from both streams.</summary>
    public static Task<string> LogsAsync(string container, CancellationToken cancellationToken) =>
        ProgramRun.OutputAsync([Engine!, "logs", "--tail", "200", container], cancellationToken, withErrors: true);

    /// <summary>Runs <c>docker compose</c> or <c>podman-compose</c> in a folder; returns its output.</summary>
    public static Task<string> ComposeAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        ProgramRun.OutputAsync([.. Compose!.Split(' '), .. arguments], cancellationToken, folder: folder);
}
