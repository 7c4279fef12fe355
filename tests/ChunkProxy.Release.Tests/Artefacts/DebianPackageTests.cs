using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Release.Tests.Artefacts;

/// <summary>The Debian package on a clean Debian: installed by apt without a network, used, updated, removed, purged.</summary>
[Collection(MadeRelease.Collection)]
public sealed class DebianPackageTests(MadeRelease release)
{
    private const string Install = "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends";

    // Writes down what it is asked; the service counts as running.
    private const string RecordingSystemctl = "mkdir -p /run/systemd/system && printf '#!/bin/sh\\necho \"$@\" >>/tmp/systemctl\\n' >/usr/bin/systemctl && chmod +x /usr/bin/systemctl";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Install_OnACleanRoot_ServesFilmsAsItsOwnUser()
    {
        await using var debian = await release.StartAsync(Now);

        await debian.RunAsync($"{Install} /dist/chunkproxy_*_amd64.deb", Now);

        Assert.Contains(" of 20", await debian.RunAsync("chunkproxy -version", Now), StringComparison.Ordinal); // the date of the commit
        await debian.RunAsync("zcat /usr/share/man/man1/chunkproxy.1.gz | grep -q poolkeyfile", Now);
        await debian.RunAsync("grep -q _chunkproxy /usr/share/bash-completion/completions/chunkproxy && ls /usr/share/zsh/vendor-completions/_chunkproxy /usr/share/fish/vendor_completions.d/chunkproxy.fish", Now);
        Assert.Equal("chunkproxy chunkproxy 700\n", await debian.RunAsync("stat -c '%U %G %a' /var/cache/chunkproxy", Now));
        Assert.Equal("root chunkproxy 750\n", await debian.RunAsync("stat -c '%U %G %a' /etc/chunkproxy", Now));

        // What the unit starts, with the settings that it gives, as the user that it names.
        await debian.LaunchAsync("chunkproxy sample -webaddr 127.0.0.1:9090", Now);
        await debian.WhenServingAsync(Now);
        await debian.RunAsync(
            "echo ChunkProxy__Url=http://127.0.0.1:9090/ >>/etc/chunkproxy/chunkproxy.env; rm /tmp/log; . /dev/stdin <<<\"$(sed -n 's/^Environment=/export /p' /usr/lib/systemd/system/chunkproxy.service)\"; env >/tmp/unit-env",
            Now);
        await debian.LaunchAsync(
            "chmod 666 /tmp/log; cd /etc/chunkproxy; set -a; . /tmp/unit-env 2>/dev/null || true; . ./chunkproxy.env; exec setpriv --reuid chunkproxy --regid chunkproxy --init-groups $(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/chunkproxy.service)",
            Now);
        await debian.WhenServingAsync(Now);
        await SampleFilm.AssertIsServedAsync(debian.Client, Now);
        Assert.Equal("chunkproxy\n", await debian.RunAsync("find /var/cache/chunkproxy -type f -printf '%u\\n' | sort -u", Now));
    }

    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Upgrade_OfARunningService_KeepsSettingsAndCacheAndStartsTheNewVersion()
    {
        await using var debian = await release.StartAsync(Now);
        // The version before: the same package with a lower number, another file that the new one lacks, and other defaults.
        await debian.RunAsync(
            "dpkg-deb -R /dist/chunkproxy_*_amd64.deb /tmp/old && sed -i 's/^Version: .*/Version: 0.0.1/' /tmp/old/DEBIAN/control && touch /tmp/old/usr/lib/chunkproxy/gone.dll && dpkg-deb -Znone -b /tmp/old /tmp/old.deb",
            Now);
        await debian.RunAsync($"{Install} /tmp/old.deb", Now);
        await debian.RunAsync("echo ChunkProxy__Url=http://origin.example/ >>/etc/chunkproxy/chunkproxy.env; echo cached >/var/cache/chunkproxy/file", Now);
        await debian.RunAsync(RecordingSystemctl, Now);

        await debian.RunAsync($"{Install} /dist/chunkproxy_*_amd64.deb", Now);

        Assert.DoesNotContain("0.0.1", await debian.RunAsync("dpkg-query -W -f '${Version}' chunkproxy", Now), StringComparison.Ordinal);
        await debian.RunAsync("test ! -e /usr/lib/chunkproxy/gone.dll && grep -q origin.example /etc/chunkproxy/chunkproxy.env && grep -q cached /var/cache/chunkproxy/file", Now);
        // In this order; deb-systemd-invoke stops the service, and also asks whether it is enabled.
        var asked = (await debian.RunAsync("cat /tmp/systemctl", Now)).Trim().Split('\n').Where(line => !line.Contains("is-enabled", StringComparison.Ordinal)).ToList();
        Assert.Equal(["is-active", "stop", "daemon-reload", "daemon-reload", "start"], asked.Select(line => line.Split(' ').First(word => !word.StartsWith('-'))));
        Assert.StartsWith("chunkproxy 0.", await debian.RunAsync("chunkproxy -version", Now), StringComparison.Ordinal);
    }

    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Remove_KeepsSettingsAndCache_PurgeLeavesNothing()
    {
        await using var debian = await release.StartAsync(Now);
        var before = await debian.RunAsync("cut -d : -f 1 /etc/passwd /etc/group | sort -u", Now);
        await debian.RunAsync($"{Install} /dist/chunkproxy_*_amd64.deb", Now);
        await debian.RunAsync("echo cached >/var/cache/chunkproxy/file; mkdir -p /etc/systemd/system/multi-user.target.wants", Now);
        // What `systemctl enable` does.
        await debian.RunAsync("ln -s /usr/lib/systemd/system/chunkproxy.service /etc/systemd/system/multi-user.target.wants/chunkproxy.service", Now);

        await debian.RunAsync("apt-get remove -y chunkproxy", Now);
        await debian.RunAsync("test ! -e /usr/bin/chunkproxy && test ! -e /usr/lib/chunkproxy && test -e /etc/chunkproxy/chunkproxy.env && test -e /var/cache/chunkproxy/file && test ! -L /etc/systemd/system/multi-user.target.wants/chunkproxy.service", Now);

        await debian.RunAsync("apt-get purge -y chunkproxy", Now);
        Assert.Equal("", await debian.RunAsync("find / -xdev -iname '*chunkproxy*' ! -path '/proc/*' ! -path '/dist/*' ! -path '/var/log/*' ! -path '/var/lib/systemd/*'", Now));
        Assert.Equal(before, await debian.RunAsync("cut -d : -f 1 /etc/passwd /etc/group | sort -u", Now));
    }

    // Debian's own checks: no error, no warning. Exceptions have their reason in eng/debian/lintian-overrides.
    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Package_ForLintian_HasNoFault()
    {
        using var folder = new TemporaryFolder();
        var package = folder.Combine("chunkproxy.deb"); // lintian does not read the fast compression of tests
        await ProgramRun.OutputAsync(["dpkg-deb", "--raw-extract", release.File("chunkproxy_*_amd64.deb"), folder.Combine("package")], Now);
        await ProgramRun.OutputAsync(["dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "--build", folder.Combine("package"), package], Now);

        await ProgramRun.OutputAsync(["lintian", "--fail-on", "error,warning", package], Now);
    }

    // The unit is read by systemd itself, where it is installed.
    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Unit_ForSystemd_IsHardened()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "needs systemd-analyze");
        var unit = Path.Combine(ChunkProxy.Testing.Nodes.ProductBuild.Root, "eng/debian/chunkproxy.service");

        // A level from 0, the best, to 100; services without hardening have 96.
        await ProgramRun.OutputAsync(["systemd-analyze", "security", "--offline=true", "--threshold=25", unit], Now);
    }
}
