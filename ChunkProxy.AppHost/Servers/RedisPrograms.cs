using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.AppHost.Servers;

/// <summary>Redis with the limits of a cache, in a container or as a program of this machine.</summary>
internal static class RedisPrograms
{
    // Nothing on disk, and more room than the tier fills unless it is told to (docs/operations.md).
    private static readonly (string Name, string Value)[] Limits = [("save", ""), ("maxmemory", "320mb"), ("maxmemory-policy", "volatile-lru")];

    /// <summary>Pins the image and sets the limits of a cache. Traffic stays on this machine or in the platform's own network, so there is no TLS.</summary>
    public static IResourceBuilder<RedisResource> WithCacheLimits(this IResourceBuilder<RedisResource> redis) =>
        redis.WithImage(ServerImage.Redis.Repository, ServerImage.Redis.Tag).WithImageRegistry(ServerImage.Redis.Registry).WithoutHttpsCertificate().WithArgs(AddLimits);

    /// <summary>Runs the same resource as a program, where there are no containers.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> OrProgram(this IResourceBuilder<RedisResource> container, ServerPrograms programs)
    {
        if (programs.Containers)
        {
            return container;
        }

        var builder = container.ApplicationBuilder;
        var (name, password) = (container.Resource.Name, container.Resource.PasswordParameter!);
        builder.Resources.Remove(container.Resource);
        var folder = programs.State.Of(name);
        var redis = builder.AddResource(new ProgramResource(
            name, programs.Redis!, folder, endpoint => ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.HostAndPort)},password={password}")));
        return redis
            .WithEndpoint(name: ProgramResource.ClientEndpointName, scheme: "tcp", isProxied: false)
            .WithArgs(async context =>
            {
                var port = await redis.Resource.Port.GetValueAsync(context.CancellationToken);
                context.Args.Add(await WriteConfigurationAsync(folder, port!, (await password.GetValueAsync(context.CancellationToken))!, context.CancellationToken));
            })
            .WithIconName("Database")
            .WithRedisHealthCheck();
    }

    // A file, since other users of the machine see the arguments of a process, and with them the password.
    private static async Task<string> WriteConfigurationAsync(string folder, string port, string password, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "redis.conf");
        string[] lines =
        [
            "bind 127.0.0.1", $"port {port}", $"requirepass {password}", $"dir {folder}",
            .. Limits.Select(limit => $"{limit.Name} {(limit.Value.Length == 0 ? "\"\"" : limit.Value)}"),
        ];
        await File.WriteAllLinesAsync(file, lines, cancellationToken); // its folder is for its owner only
        return file;
    }

    private static IResourceBuilder<ProgramResource> WithRedisHealthCheck(this IResourceBuilder<ProgramResource> redis)
    {
        string? connectionString = null;
        redis.ApplicationBuilder.Eventing.Subscribe<ConnectionStringAvailableEvent>(
            redis.Resource,
            async (_, cancellationToken) => connectionString = await redis.Resource.ConnectionStringExpression.GetValueAsync(cancellationToken));
        var key = $"{redis.Resource.Name}_program_check";
        redis.ApplicationBuilder.Services.AddHealthChecks().AddRedis(_ => connectionString ?? throw new InvalidOperationException("It has no address yet."), key);
        return redis.WithHealthCheck(key);
    }

    // Published, AddRedis gives the whole command to a shell, as one argument.
    private static void AddLimits(CommandLineArgsCallbackContext redis)
    {
        var words = Limits.SelectMany(limit => new[] { $"--{limit.Name}", limit.Value });
        if (redis.ExecutionContext.IsPublishMode)
        {
            redis.Args[^1] = $"{redis.Args[^1]} {string.Join(' ', words.Select(word => word.Length == 0 ? "''" : word))}";
            return;
        }

        foreach (var word in words)
        {
            redis.Args.Add(word);
        }
    }
}
