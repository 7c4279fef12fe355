using System.ComponentModel;
using Microsoft.Extensions.Configuration;

namespace ChunkProxy.AppHost.Servers;

/// <summary>Finds out whether this machine can run the servers in containers. Aspire has no public way to ask before the model is built.</summary>
/// <param name="find">Finds a program of the machine.</param>
internal sealed class ContainerRuntime(Func<string, string?> find)
{
    /// <summary>The setting by which Aspire's orchestrator chooses between Docker and Podman.</summary>
    public const string Setting = "ASPIRE_CONTAINER_RUNTIME";

    private static readonly TimeSpan InfoTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PullTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan RunTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Returns the first runtime that runs every image, pulling those that are missing.</summary>
    /// <returns>The runtime's name and null, or null and the reason.</returns>
    public async Task<(string? Runtime, string? WhyNot)> FindAsync(IConfiguration configuration, IReadOnlyList<ServerImage> images)
    {
        string[] names = configuration[Setting] is { Length: > 0 } chosen ? [chosen] : ["docker", "podman"];
        var engines = await Task.WhenAll(names.Select(AnswersAsync));
        var problem = $"No container engine answers ({string.Join(", ", names.Select(name => $"{name} info"))}).";
        foreach (var (name, path) in names.Zip(engines))
        {
            if (path is null)
            {
                continue;
            }

            problem = await ProblemAsync(name, path, images);
            if (problem is null)
            {
                return (name, null);
            }
        }

        return (null, problem);
    }

    // The client alone says nothing: it may be installed without an engine, and then exits with an error.
    private async Task<string?> AnswersAsync(string name) =>
        find(name) is { } path && await TryAsync(path, ["info"], InfoTimeout) is null ? path : null;

    // An engine that answers may still have no registry to pull from, or no rights to start a container.
    // A resource in a container would then never become healthy, and everything that waits for it would wait for ever.
    private static async Task<string?> ProblemAsync(string name, string path, IReadOnlyList<ServerImage> images)
    {
        foreach (var image in images)
        {
            if (await TryAsync(path, ["image", "inspect", $"{image}"], InfoTimeout) is not null)
            {
                Console.WriteLine($"{name}: pulling {image} (up to {PullTimeout.TotalSeconds:0} s).");
                if (await TryAsync(path, ["pull", $"{image}"], PullTimeout) is { } pull)
                {
                    return $"{name} cannot pull {image} ({pull}).";
                }
            }

            if (await TryAsync(path, ["run", "--rm", "--entrypoint", image.Program, $"{image}", "--version"], RunTimeout) is { } run)
            {
                return $"{name} cannot run {image} ({run}).";
            }
        }

        return null;
    }

    /// <returns>Null: it succeeded; else why not.</returns>
    private static async Task<string?> TryAsync(string program, string[] arguments, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            await ProgramCommand.RunAsync(program, arguments, folder: null, limit.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"no result within {timeout.TotalSeconds:0} s";
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return e.Message.Trim();
        }
    }
}
