using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace ChunkProxy.Web.Hosting;

/// <summary>Tells systemd when the node serves and when it stops: a unit has <c>Type=notify</c>.</summary>
internal static class SystemdNotifications
{
    private const string Socket = "NOTIFY_SOCKET"; // sd_notify(3)

    /// <summary>Adds the notifications if systemd asked for them, and log lines with priorities for its journal.</summary>
    public static void AddSystemdNotifications(this WebApplicationBuilder builder)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Socket)))
        {
            Add(builder);
        }
    }

    // A separate method: its assembly is loaded only under systemd.
    private static void Add(WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ISystemdNotifier, SystemdNotifier>();
        builder.Services.AddSingleton<IHostLifetime, SystemdLifetime>();
        builder.Logging.AddSystemdConsole();
    }
}
