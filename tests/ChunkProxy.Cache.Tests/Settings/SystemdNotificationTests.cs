using System.Net.Sockets;
using System.Text;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Testing.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Settings;

/// <summary>Notifications to a socket in place of systemd's.</summary>
public sealed class SystemdNotificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly FakeTimeProvider _time = new();

    public SystemdNotificationTests() => _systemd.Bind(new UnixDomainSocketEndPoint(_folder.Combine("notify")));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lifetime_IsReportedWithTheWatchdogInBetween()
    {
        using var notification = Create(("WATCHDOG_USEC", "10000000"));

        await notification.StartedAsync(Stop);
        Assert.Equal("READY=1", await ReceiveAsync());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("WATCHDOG=1", await ReceiveAsync());
        await notification.StoppingAsync(Stop);
        Assert.Equal("STOPPING=1", await ReceiveAsync());
    }

    [Fact]
    public async Task Started_NobodyListens_Continues()
    {
        using var notification = Create();
        _systemd.Dispose();

        await notification.StartedAsync(Stop);
    }

    private SystemdNotification Create(params (string Key, string Value)[] more) => new(
        new ConfigurationBuilder()
            .AddInMemoryCollection([new("NOTIFY_SOCKET", _folder.Combine("notify")), .. more.Select(it => KeyValuePair.Create(it.Key, (string?)it.Value))])
            .Build(),
        _time);

    private async Task<string> ReceiveAsync()
    {
        var buffer = new byte[100];
        return Encoding.UTF8.GetString(buffer, 0, await _systemd.ReceiveAsync(buffer, Stop));
    }
}
