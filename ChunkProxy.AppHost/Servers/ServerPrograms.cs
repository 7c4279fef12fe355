namespace ChunkProxy.AppHost.Servers;

/// <summary>What etcd and Redis are on this machine: containers, or these programs.</summary>
/// <param name="Containers">Both run in containers.</param>
/// <param name="Etcd">Path of etcd; null: there is none, and the members are listed.</param>
/// <param name="Redis">Path of redis-server; null: there is none.</param>
/// <param name="State">Where a program keeps its data.</param>
/// <param name="Notes">What was decided and why, one line each, for the console.</param>
/// <param name="StaticBecause">Why the members are listed; null: they are not.</param>
internal sealed record ServerPrograms(bool Containers, string? Etcd, string? Redis, StateFolder State, IReadOnlyList<string> Notes, string? StaticBecause = null)
{
    /// <summary>What the options need and this machine has not, and how to get it; null: nothing is missing.</summary>
    public string? MissingFor(ClusterOptions options) => options.RedisEnabled && !Containers && Redis is null
        ? "Redis:Enabled needs a container runtime that answers (Docker, Podman), or redis-server on the PATH (Debian: apt-get install redis-server)."
        : null;

    /// <summary>Looks at the machine. Nothing of this happens when a manifest is published: there, servers are containers.</summary>
    public static async Task<ServerPrograms> FindAsync(IDistributedApplicationBuilder builder, ClusterOptions options)
    {
        var state = StateFolder.Of(builder, options);
        var needed = options.CacheNodes > 0 || options.RedisEnabled;
        if (builder.ExecutionContext.IsPublishMode || !needed || options.Servers is ServerKind.Containers)
        {
            return new ServerPrograms(Containers: true, null, null, state, []);
        }

        var notes = new List<string>();
        if (options.Servers is ServerKind.Auto)
        {
            var (runtime, whyNot) = await new ContainerRuntime(Executables.Find).FindAsync(builder.Configuration, ImagesFor(options));
            if (runtime is not null)
            {
                builder.Configuration[ContainerRuntime.Setting] = runtime; // Aspire's orchestrator uses the same
                return new ServerPrograms(Containers: true, null, null, state, [$"Servers run in containers ({runtime})."]);
            }

            notes.Add($"{whyNot} Servers run as programs of this machine.");
        }

        var redis = options.RedisEnabled ? Executables.Find("redis-server") : null;
        var (etcd, because) = options switch
        {
            { CacheNodes: 0 } => (null, null),
            { Servers: ServerKind.Static } => (null, "Servers:From is Static: this cluster has a list of members and no etcd."),
            _ => await new EtcdPackage(state, Executables.Find).FindAsync(CancellationToken.None),
        };
        return new ServerPrograms(Containers: false, etcd, redis, state, because is null ? notes : [.. notes, because], because);
    }

    private static ServerImage[] ImagesFor(ClusterOptions options) => (options.CacheNodes > 0, options.RedisEnabled) switch
    {
        (true, true) => [ServerImage.Etcd, ServerImage.Redis],
        (true, false) => [ServerImage.Etcd],
        (false, true) => [ServerImage.Redis],
        _ => [],
    };
}
