using System.Net.Sockets;
using System.Text;

namespace ChunkProxy.Cache.Settings;

/// <summary>Tells systemd when the process serves and when it stops, for services of <c>Type=notify</c>, and answers its watchdog.</summary>
/// <remarks>
/// The protocol of <c>sd_notify(3)</c>: a datagram to the socket that <c>NOTIFY_SOCKET</c> names. The framework's package would also replace the format
/// of the log and the handling of signals.
/// </remarks>
internal sealed class SystemdNotification(IConfiguration configuration, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private ITimer? _watchdog;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Notify("READY=1");
        if (long.TryParse(configuration["WATCHDOG_USEC"], out var microseconds) && microseconds > 0)
        {
            var interval = TimeSpan.FromMicroseconds(microseconds) / 2;
            _watchdog = time.CreateTimer(static self => ((SystemdNotification)self!).Notify("WATCHDOG=1"), this, interval, interval);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Notify("STOPPING=1");
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _watchdog?.Dispose();

    private void Notify(string state)
    {
        if (configuration["NOTIFY_SOCKET"] is not { Length: > 1 } path)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path)); // '@': an abstract name
            socket.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // systemd is gone or restarts. The process serves without it.
        }
    }
}
