using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Ownership;
using Grpc.Core;

namespace ChunkProxy.Cache.Membership;

/// <summary>Keeps this process registered in etcd: grants a lease, puts the key under it, renews it, and starts over when etcd has lost it.</summary>
/// <remarks>
/// Outlives connections: a lease that still exists on a new connection is renewed. Only one of <see cref="HoldAsync"/> and
/// <see cref="EndAsync"/> runs at a time; <see cref="Restore"/> may be called at any time.
/// </remarks>
internal sealed class MembershipLease : IDisposable
{
    private const long None = 0;

    private readonly string _key;
    private readonly RegistrationProof _proof;
    private readonly TimeSpan _renewal;
    private readonly TimeProvider _time;
    private readonly Action<long> _registered;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _putRequested = new(0, 1);
    private readonly Lock _gate = new();
    private MemberRegistration _registration; // under _gate
    private TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously); // under _gate: set when etcd has _registration
    private long _lease = None;
    private long _writes; // only within HoldAsync or EndAsync
    private bool _put;
    private volatile bool _yielded;

    /// <param name="self">This process as a member.</param>
    /// <param name="instance">Identifies this process.</param>
    /// <param name="prefix">Prefix of all members' keys.</param>
    /// <param name="proof">Writes registrations, with their proof.</param>
    /// <param name="renewal">Interval of the renewals, and the time limit of each.</param>
    /// <param name="time">The clock.</param>
    /// <param name="registered">Receives etcd's revision of each put.</param>
    /// <param name="logger">Logs registrations.</param>
    public MembershipLease(
        Member self, Guid instance, string prefix, RegistrationProof proof, TimeSpan renewal, TimeProvider time, Action<long> registered, ILogger logger)
    {
        _registration = new MemberRegistration(self, instance, Leaving: false);
        _key = prefix + self.Id;
        _proof = proof;
        _renewal = renewal;
        _time = time;
        _registered = registered;
        _logger = logger;
    }

    /// <summary>Leaves the key to another process that has put it. The newest wins: two processes must not take it from each other forever.</summary>
    public void Yield() => _yielded = true;

    /// <summary>Puts the key again soon: it is gone, and this process did not remove it.</summary>
    public void Restore()
    {
        _yielded = false;
        RequestPut();
    }

    /// <summary>Announces whether this process gives up ownership. Completes when etcd has the announcement, even after an outage.</summary>
    public Task PublishAsync(bool leaving)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            _registration = _registration with { Leaving = leaving };
            _published = told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        RequestPut(); // after the change: a put that read the old registration is followed by another
        return told.Task;
    }

    private void RequestPut()
    {
        try
        {
            _putRequested.Release();
        }
        catch (SemaphoreFullException)
        {
            // Requested already.
        }
        catch (ObjectDisposedException)
        {
            // The process is stopping.
        }
    }

    /// <summary>Registers and stays registered until cancelled, or until a call fails.</summary>
    /// <param name="etcd">The connection.</param>
    /// <param name="held">Called each time the registration is confirmed: at first, and after each renewal.</param>
    /// <param name="cancellationToken">Ends the holding, but not the registration.</param>
    public async Task HoldAsync(EtcdConnection etcd, Action held, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                _put &= !_putRequested.Wait(0, cancellationToken);
                await RegisterAsync(etcd, cancellationToken);
                held();
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
            {
                _lease = None; // expired between the renewal and the put
                continue;
            }

            await WaitAsync(cancellationToken);
        }
    }

    /// <summary>Removes the registration, so that the other members see at once that the process leaves on purpose.</summary>
    public async Task EndAsync(EtcdConnection etcd, CancellationToken cancellationToken)
    {
        if (_lease == None)
        {
            return;
        }

        try
        {
            await etcd.ReplaceAsync(_key, _proof.Write(Registration.Text with { Leaving = true, Number = ++_writes }), _lease, cancellationToken);
            await etcd.RevokeLeaseAsync(_lease, cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // The lease has expired by itself.
        }

        _lease = None;
    }

    public void Dispose() => _putRequested.Dispose();

    private (MemberRegistration Text, TaskCompletionSource Told) Registration
    {
        get
        {
            lock (_gate)
            {
                return (_registration, _published);
            }
        }
    }

    private async Task RegisterAsync(EtcdConnection etcd, CancellationToken cancellationToken)
    {
        if (_lease == None || !await etcd.RenewLeaseAsync(_lease, _renewal, cancellationToken))
        {
            _lease = None;
            _put = false;
            _lease = await etcd.GrantLeaseAsync(cancellationToken);
        }

        if (!_put && !_yielded)
        {
            var (registration, told) = Registration;
            var (revision, before) = await etcd.PutAsync(_key, _proof.Write(registration with { Number = ++_writes }), _lease, cancellationToken);
            _put = true;
            _registered(revision);
            told.TrySetResult();
            _logger.Registered(registration.Member.Label, _lease);
            if (before is not null
                && _proof.TryRead(registration.Member.Id, before, out var other, out _)
                && other.Instance != registration.Instance)
            {
                _logger.RegistrationTakenOver(registration.Member.Id, other.Member.StartedAt);
            }
        }
    }

    /// <summary>Waits for the next renewal, or for <see cref="Restore"/>.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(_renewal, _time, cancellationToken);
        try
        {
            await _putRequested.WaitAsync(limit.Token);
            _put = false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to renew.
        }
    }
}
