using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace ChunkProxy.AppHost.OnAspire;

/// <summary>Whether containers can be started here. Aspire has no public way to ask before the model is built.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks the engine and not only the client, which may be installed without one.</summary>
    public static async Task<bool> IsRunningAsync(IConfiguration configuration)
    {
        string[] names = configuration["ASPIRE_CONTAINER_RUNTIME"] is { Length: > 0 } chosen ? [chosen] : ["docker", "podman"];
        foreach (var name in names)
        {
            if (await AnswersAsync(name))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<bool> AnswersAsync(string name)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var info = Process.Start(new ProcessStartInfo(name, ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = info.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = info.StandardError.ReadToEndAsync(patience.Token);
            await Task.WhenAll(output, errors, info.WaitForExitAsync(patience.Token));
            return info.ExitCode == 0;
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException)
        {
            return false; // not installed, or its engine hangs
        }
    }
}
