using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace ChunkProxy.AppHost.Servers;

/// <summary>Whether containers can be started on this machine. Aspire has no public way to ask before the model is built.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Returns the first runtime whose engine answers; null: none does.</summary>
    /// <remarks>The client alone says nothing: it may be installed without an engine, and then exits with an error.</remarks>
    public static async Task<string?> FindAsync(IConfiguration configuration)
    {
        string[] names = configuration["ASPIRE_CONTAINER_RUNTIME"] is { Length: > 0 } chosen ? [chosen] : ["docker", "podman"];
        var answers = await Task.WhenAll(names.Select(AnswersAsync));
        return names.Zip(answers).FirstOrDefault(runtime => runtime.Second).First;
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
